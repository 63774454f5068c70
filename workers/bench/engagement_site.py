"""Fill a database with a year of conversations: articles, threads, readers, reactions, reports."""

from __future__ import annotations

from sqlalchemy import Engine, text

COMMENTS_PER_ARTICLE = 100
COMMENTS_PER_READER = 20
READERS_LEAST = 200
# A thread is a comment, an answer to it and an answer to that.
THREAD = 3
SECTIONS = 8

# Every text is made of numbers: nothing here was written by anybody. Articles appear all year;
# most are talked about little and a few much (the square), mostly within the first day (the
# logarithm); few readers write most of it (the cube).
_STATEMENTS = (
    "CREATE TEMPORARY TABLE home ON COMMIT DROP AS SELECT id FROM site WHERE key = 'demo'",
    """
    INSERT INTO article (id, site_id, key, title, section, tags, mode, published_at, created_at,
                         updated_at, fetch_state, fetch_attempts, published_count)
    SELECT uuidv7(), (TABLE home), 'bench-' || n, 'Article ' || n, 'section-' || n % :sections,
           '{}', 'open', at, at, at, 'given', 0, 0
    FROM (SELECT n, now() - random() * interval '364 days' AS at
          FROM generate_series(1, :articles) AS n) made
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO reader (id, site_id, kind, external_id, username, badges, standing,
                        approved_count, rejected_count, strikes, created_at)
    SELECT uuidv7(), (TABLE home), 'sso', 'bench-' || n, 'Reader ' || n, '{}', 'active',
           0, 0, 0, now() - interval '400 days'
    FROM generate_series(1, :readers) AS n
    ON CONFLICT DO NOTHING
    """,
    """
    CREATE TEMPORARY TABLE place ON COMMIT DROP AS
    SELECT substr(key, 7)::int AS n, id, published_at FROM article
    WHERE site_id = (TABLE home) AND key LIKE 'bench-%'
    """,
    """
    CREATE TEMPORARY TABLE person ON COMMIT DROP AS
    SELECT substr(external_id, 7)::int AS n, id FROM reader
    WHERE site_id = (TABLE home) AND external_id LIKE 'bench-%'
    """,
    "ANALYZE place, person",
    """
    CREATE TEMPORARY TABLE thread ON COMMIT DROP AS
    SELECT n, 1 + floor(:articles * (random() ^ 2))::int AS article,
           -ln(1 - random()) * interval '12 hours' AS after, uuidv7() AS id
    FROM generate_series(CAST(:first AS int), :last, :thread) AS n
    """,
    "ANALYZE thread",
    """
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT thread.n + step AS n, step, thread.id AS root_id, place.id AS article_id,
           CASE WHEN step = 0 THEN thread.id ELSE uuidv7() END AS id,
           least(now(), place.published_at + thread.after
                 + step * random() * interval '3 hours') AS at,
           1 + floor(:readers * (random() ^ 3))::int AS person, random() AS luck
    FROM thread JOIN place ON place.n = thread.article
    CROSS JOIN generate_series(0, :thread - 1) AS step
    """,
    "ANALYZE made",
    """
    INSERT INTO comment (id, site_id, article_id, reader_id, parent_id, root_id, depth, status,
                         revision, body, html, language, demoted, human_decision, created_at,
                         published_at, visible_replies, reactions, fingerprint, bands, attempts,
                         retries, locked, legal_hold, featured_at, drift_state)
    SELECT made.id, (TABLE home), made.article_id, person.id, parent.id, made.root_id, made.step,
           CASE WHEN made.luck < 0.90 THEN 'published' WHEN made.luck < 0.92 THEN 'held'
                WHEN made.luck < 0.93 THEN 'hidden' WHEN made.luck < 0.97 THEN 'rejected'
                WHEN made.luck < 0.99 THEN 'removed' ELSE 'withdrawn' END,
           1, 'Comment number ' || made.n, '<p>Comment number ' || made.n || '</p>', 'en', false,
           CASE WHEN made.luck < 0.05 THEN 'approved' ELSE 'none' END, made.at, made.at, 0,
           CASE WHEN made.n % 4 = 0 THEN jsonb_build_object('respect', made.n % 7 + 1)
                ELSE '{}' END,
           made.n, '{}', 1, 0, false, false,
           CASE WHEN made.luck < 0.005 THEN made.at END,
           CASE WHEN made.step = 0 AND made.n % 20 = 0 THEN '{"state": "left"}'::jsonb END
    FROM made JOIN person ON person.n = made.person
    LEFT JOIN made parent ON made.step > 0 AND parent.n = made.n - 1
    ORDER BY made.n
    """,
    """
    INSERT INTO report (id, site_id, article_id, comment_id, author_id, reader_id, expired,
                        guideline, family, revision, body_hash, state, suspected,
                        already_reviewed, created_at, updated_at)
    SELECT uuidv7(), (TABLE home), made.article_id, made.id, author.id, reporter.id, false,
           'civil', 'toxic', 1, 'bench', CASE WHEN luck < 0.95 THEN 'dismissed' ELSE 'upheld' END,
           false, false, at, at
    FROM made JOIN person author ON author.n = made.person
    JOIN person reporter ON reporter.n = 1 + (made.person + 1) % :readers
    WHERE made.n % 50 = 0
    """,
)


def fill_year(engine: Engine, *, first: int, last: int) -> None:
    """Add the comments numbered `first` to `last`, in threads, spread over the last year.

    One in fifty is reported, one in four has reactions, nine in ten are published.
    """
    values = {
        "articles": max(1, last // COMMENTS_PER_ARTICLE),
        "readers": max(READERS_LEAST, last // COMMENTS_PER_READER),
        "sections": SECTIONS,
        "first": first,
        "last": last,
        "thread": THREAD,
    }
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        # Every row points to one that was made just before: checking that doubles the time.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in _STATEMENTS:
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
