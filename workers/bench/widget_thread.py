"""Fill two articles for the widget's measurements: an ordinary one, and one long thread."""

from __future__ import annotations

from sqlalchemy import Engine, text

ORDINARY, LONG = "widget-ordinary", "widget-long"
ORDINARY_THREADS = 200
READERS = 50
# Every text is made of numbers and the same few words, one to eight times: comments of one line
# and of ten, as under an article.
SENTENCE, MOST_SENTENCES = "A sentence of a comment about the ferry and the bridge. ", 8

_STATEMENTS = (
    "CREATE TEMPORARY TABLE home ON COMMIT DROP AS SELECT id FROM site WHERE key = 'demo'",
    """
    INSERT INTO article (id, site_id, key, title, body, tags, mode, created_at, updated_at,
                         fetch_state, fetch_attempts, published_count)
    SELECT uuidv7(), (TABLE home), key, key, key, '{}', 'open', now(), now(), 'given', 0, n
    FROM (VALUES (:ordinary, :threads), (:long, :replies + 1)) AS t (key, n)
    """,
    """
    INSERT INTO reader (id, site_id, kind, external_id, username, badges, standing,
                        approved_count, rejected_count, strikes, created_at)
    SELECT uuidv7(), (TABLE home), 'sso', 'widget-reader-' || n, 'Reader ' || n, '{}', 'active',
           0, 0, 0, now() - interval '300 days'
    FROM generate_series(1, :readers) AS n
    """,
    """
    CREATE TEMPORARY TABLE said ON COMMIT DROP AS
    SELECT uuidv7((n - total) * interval '10 seconds') AS id, n, key,
           repeat(:sentence, 1 + n % :most) AS body,
           (SELECT id FROM reader WHERE site_id = (TABLE home)
                AND external_id = 'widget-reader-' || (1 + n % :readers)) AS reader_id
    FROM (VALUES (:ordinary, :threads), (:long, :replies + 1)) AS t (key, total),
         generate_series(1, total) AS n
    """,
    "CREATE TEMPORARY TABLE top ON COMMIT DROP AS SELECT id FROM said WHERE key = :long AND n = 1",
    """
    INSERT INTO comment (id, site_id, article_id, reader_id, parent_id, root_id, depth, status,
                         revision, body, html, language, demoted, human_decision, created_at,
                         published_at, visible_replies, reactions, fingerprint, bands, attempts,
                         retries, locked, legal_hold)
    SELECT said.id, (TABLE home), article.id, reader_id,
           CASE WHEN said.key = :long AND n > 1 THEN (TABLE top) END,
           CASE WHEN said.key = :long AND n > 1 THEN (TABLE top) ELSE said.id END,
           CASE WHEN said.key = :long AND n > 1 THEN 1 ELSE 0 END, 'published', 1,
           said.body, '<p>' || said.body || '</p>', 'en', false, 'none',
           uuid_extract_timestamp(said.id), uuid_extract_timestamp(said.id),
           CASE WHEN said.key = :long AND n = 1 THEN :replies ELSE 0 END,
           jsonb_build_object('respect', n % 40), n, ARRAY[n]::bigint[], 1, 0, false, false
    FROM said JOIN article ON article.site_id = (TABLE home) AND article.key = said.key
    ORDER BY said.id
    """,
)


def fill_threads(engine: Engine, *, comments: int) -> None:
    """Two articles at the demo site: `ORDINARY`, and `LONG` with `comments` in a single thread."""
    values = {
        "ordinary": ORDINARY,
        "long": LONG,
        "threads": ORDINARY_THREADS,
        "replies": comments - 1,
        "readers": READERS,
        "sentence": SENTENCE,
        "most": MOST_SENTENCES,
    }
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in _STATEMENTS:
            connection.execute(text(statement), values)
