"""Fill a database with a site's past: comments, scores, decisions, reports and a full queue."""

from __future__ import annotations

from sqlalchemy import Engine, text

READERS_PER_COMMENT, READERS_LEAST = 0.05, 50
# So that nothing falls into one thread or one article.
ARTICLES = 50
DAYS = 180

# Every text is made of numbers: nothing here was written by anybody.
_STATEMENTS = (
    "CREATE TEMPORARY TABLE home ON COMMIT DROP AS SELECT id FROM site WHERE key = 'demo'",
    """
    INSERT INTO article (id, site_id, key, title, body, tags, mode, created_at, updated_at,
                         fetch_state, fetch_attempts, published_count)
    SELECT uuidv7(), (TABLE home), 'desk-' || n, 'Article ' || n, 'Body of article ' || n, '{}',
           'open', now(), now(), 'given', 0, 0
    FROM generate_series(1, :articles) AS n
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO reader (id, site_id, kind, external_id, username, badges, standing,
                        approved_count, rejected_count, strikes, created_at)
    SELECT uuidv7(), (TABLE home), 'sso', 'desk-reader-' || n, 'Reader ' || n, '{}', 'active',
           0, 0, 0, now() - interval '300 days'
    FROM generate_series(1, :readers) AS n
    ON CONFLICT DO NOTHING
    """,
    """
    CREATE TEMPORARY TABLE filled ON COMMIT DROP AS
    SELECT uuidv7(-(random() * :days * interval '1 day')) AS id, n,
           (SELECT id FROM article WHERE site_id = (TABLE home)
                AND key = 'desk-' || (1 + n % :articles)) AS article_id,
           (SELECT id FROM reader WHERE site_id = (TABLE home) AND kind = 'sso'
                AND external_id = 'desk-reader-' || (1 + (n * 7919) % :readers)) AS reader_id,
           CASE WHEN n % 50 = 0 THEN 'held' WHEN n % 37 = 0 THEN 'removed' ELSE 'published' END
               AS status,
           random() AS toxicity
    FROM generate_series(CAST(:first AS int), :last) AS n
    """,
    """
    INSERT INTO comment (id, site_id, article_id, reader_id, root_id, depth, status, revision,
                         body, html, language, demoted, human_decision, created_at, published_at,
                         visible_replies, fingerprint, bands, attempts, retries, locked, legal_hold)
    SELECT id, (TABLE home), article_id, reader_id, id, 0, status, 1,
           'Comment number ' || n || ' about the ferry and the bridge',
           '<p>Comment number ' || n || '</p>', 'en', false, 'none',
           uuid_extract_timestamp(id), uuid_extract_timestamp(id), 0, n,
           ARRAY[n, n + 1, n + 2]::bigint[], 1, 0, false, false
    FROM filled
    """,
    """
    INSERT INTO comment_revision (comment_id, revision, body, created_at)
    SELECT id, 1, 'Comment number ' || n || ' about the ferry and the bridge',
           uuid_extract_timestamp(id)
    FROM filled
    """,
    """
    INSERT INTO score (id, comment_id, revision, task, model, version, calibration, values,
                       windows, was_obfuscated, evidence, created_at)
    SELECT uuidv7(), id, 1, task, 'bench', '1', 'none',
           jsonb_build_object(label, toxicity), 1, false, '{}', now()
    FROM filled, (VALUES ('toxicity', 'toxicity'), ('relevance', 'relevance')) AS t (task, label)
    """,
    """
    INSERT INTO decision (id, site_id, comment_id, revision, reader_id, action, guideline, queue,
                          demote, rules, signals, policy_version, source, automated,
                          automated_detection, automated_decision, from_status, to_status,
                          final_at, created_at)
    SELECT uuidv7(), (TABLE home), id, 1, reader_id,
           CASE WHEN status = 'held' THEN 'hold' ELSE 'publish' END, NULL,
           CASE WHEN status = 'held' THEN 'toxic' END, false, '[]',
           jsonb_build_object('scores', jsonb_build_object('toxicity', toxicity)),
           'bench', 'rule', true, true, 'fully', 'pending',
           CASE WHEN status = 'held' THEN 'held' ELSE 'published' END, now(), now()
    FROM filled
    """,
    """
    INSERT INTO decision (id, site_id, comment_id, revision, reader_id, action, guideline, demote,
                          rules, signals, policy_version, source, automated, automated_detection,
                          automated_decision, from_status, to_status, final_at, created_at)
    SELECT uuidv7(), (TABLE home), id, 1, reader_id, 'remove', 'civil', false, '[]',
           jsonb_build_object('scores', jsonb_build_object('toxicity', toxicity)),
           'bench', 'rule', false, true, 'partially', 'published', 'removed', now(), now()
    FROM filled WHERE status = 'removed'
    """,
    """
    INSERT INTO report (id, site_id, article_id, comment_id, author_id, reader_id, expired,
                        guideline, family, revision, body_hash, state, suspected,
                        already_reviewed, created_at, updated_at, decided_at)
    SELECT uuidv7(), (TABLE home), article_id, id, reader_id,
           (SELECT id FROM reader WHERE site_id = (TABLE home) AND kind = 'sso'
                AND external_id = 'desk-reader-' || (1 + (n * 31 + k) % :readers)),
           false, 'civil', 'toxic', 1, 'bench',
           CASE WHEN status = 'held' THEN 'open' WHEN status = 'removed' THEN 'upheld'
                ELSE 'dismissed' END,
           false, false, uuid_extract_timestamp(id), now(), now()
    FROM filled, generate_series(1, 3) AS k
    WHERE n % 50 = 0 OR status = 'removed'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO review_item (id, site_id, comment_id, article_id, reader_id, state, reasons,
                             version, opened_at, priority, p_violation, severity_weight,
                             rule_priority, floor, due_at, skip_count, skipped_by, severe, search)
    SELECT uuidv7(), (TABLE home), id, article_id, reader_id, 'open', ARRAY['toxic'], 1,
           now() - interval '1 hour' * random(), random() * 100, toxicity, 40, 10, 0,
           now() + interval '1 hour', 0, '{}', false,
           to_tsvector('simple', 'Comment number ' || n || ' about the ferry and the bridge')
    FROM filled WHERE status = 'held'
    """,
    """
    INSERT INTO event (site_id, kind, comment_id, article_id, reader_id, revision, from_status,
                       to_status, actor, data, created_at)
    SELECT (TABLE home), 'comment.posted', id, article_id, reader_id, 1, NULL, 'pending', 'reader',
           '{}', uuid_extract_timestamp(id)
    FROM filled
    """,
)


def fill_site(engine: Engine, *, first: int, last: int) -> None:
    """Add the comments numbered `first` to `last` with all that belongs to them.

    One in fifty is held and waits in the queue, with three reports; one in 37 was removed by a
    person. Dates are spread over half a year.
    """
    values = {
        "articles": ARTICLES,
        "readers": max(READERS_LEAST, int(last * READERS_PER_COMMENT)),
        "days": DAYS,
        "first": first,
        "last": last,
    }
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in _STATEMENTS:
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
