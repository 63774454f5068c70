"""Count articles' days from the rows themselves, by index: what the roll-ups are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import Date, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.domain.engagement import pack_seconds


class Cell(NamedTuple):
    """An article and a day (UTC)."""

    article_id: UUID
    day: date


_LISTS = (bindparam("articles", type_=ARRAY(Uuid)), bindparam("days", type_=ARRAY(Date)))

# ix_comment_article_time: each pair reads its own comments and no others.
_POSTED = """
    WITH pair AS (
        SELECT article_id, day, day::timestamp AT TIME ZONE 'UTC' AS start,
               (day + 1)::timestamp AT TIME ZONE 'UTC' AS until
        FROM unnest(CAST(:articles AS uuid[]), CAST(:days AS date[])) AS asked (article_id, day)
    ),
    posted AS (
        SELECT pair.day, c.article_id, c.id, c.reader_id, c.depth, c.status, c.human_decision,
               c.featured_at, c.created_at, c.reactions, c.drift_state ->> 'state' AS drift,
               c.status = 'published' AS public,
               c.status = 'published' AND c.parent_id IS NULL AS thread
        FROM pair JOIN comment c ON c.article_id = pair.article_id
             AND c.created_at >= pair.start AND c.created_at < pair.until
    )
"""
_COUNT = """
    SELECT posted.article_id, posted.day, count(*) AS comments,
           count(*) FILTER (WHERE status = 'pending') AS pending,
           count(*) FILTER (WHERE public) AS published,
           count(*) FILTER (WHERE status = 'held') AS held,
           count(*) FILTER (WHERE status = 'hidden') AS hidden,
           count(*) FILTER (WHERE status = 'rejected') AS rejected,
           count(*) FILTER (WHERE status = 'removed') AS removed,
           count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
           count(*) FILTER (WHERE status = 'erased') AS erased,
           count(*) FILTER (WHERE public AND human_decision = 'none') AS unaided,
           count(*) FILTER (WHERE thread) AS threads,
           count(answer.seconds) AS answered,
           count(*) FILTER (WHERE thread AND drift IN ('left', 'returned')) AS threads_left,
           count(*) FILTER (WHERE thread AND drift = 'left') AS threads_adrift,
           count(*) FILTER (WHERE public AND NOT thread) AS replies,
           coalesce(sum(depth) FILTER (WHERE public), 0) AS depth_sum,
           coalesce(max(depth) FILTER (WHERE public), 0) AS depth_max,
           coalesce(sum(given.reactions), 0) AS reactions,
           coalesce(sum(complaint.reports), 0) AS reports,
           count(*) FILTER (WHERE complaint.standing) AS reported,
           count(*) FILTER (WHERE public AND featured_at IS NOT NULL) AS featured,
           array_agg(DISTINCT who.number) AS readers,
           array_agg(answer.seconds) FILTER (WHERE answer.seconds IS NOT NULL) AS reply_seconds
    FROM posted
    JOIN engagement_reader who ON who.reader_id = posted.reader_id
    LEFT JOIN LATERAL (
        SELECT sum(value::int) AS reactions FROM jsonb_each_text(posted.reactions)
        WHERE posted.reactions <> '{}'
    ) given ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS reports, bool_or(state IN ('open', 'upheld')) AS standing
        FROM report WHERE report.comment_id = posted.id
    ) complaint ON true
    LEFT JOIN LATERAL (
        SELECT greatest(0, floor(extract(epoch FROM
                   min(reply.created_at) - posted.created_at)))::int AS seconds
        FROM comment reply
        WHERE posted.thread AND reply.root_id = posted.id AND reply.parent_id IS NOT NULL
          AND reply.status = 'published' AND reply.reader_id <> posted.reader_id
        HAVING min(reply.created_at) IS NOT NULL
    ) answer ON true
    GROUP BY posted.article_id, posted.day
"""
_SEEN = """
    SELECT seen.reader_id, seen.day, who.first_day, who.reader_id IS NOT NULL AS known
    FROM (SELECT reader_id, min(day) AS day FROM posted GROUP BY reader_id) seen
    LEFT JOIN LATERAL (
        -- one by one along the index, however few or many the planner expects
        SELECT reader_id, first_day FROM engagement_reader
        WHERE engagement_reader.reader_id = seen.reader_id LIMIT 1
    ) who ON true
    WHERE who.reader_id IS NULL OR who.first_day IS NULL OR who.first_day > seen.day
    ORDER BY seen.reader_id
"""
_COUNTED = text(_POSTED + _COUNT).bindparams(*_LISTS)
_NEWLY_SEEN = text(_POSTED + _SEEN).bindparams(*_LISTS)

# A comment's own day, and the days of what it answers and of its thread: their figures (the first
# answer, drift) change with it.
_TOUCHED_BY = text(
    """
    SELECT DISTINCT near.article_id, (near.created_at AT TIME ZONE 'UTC')::date AS day
    FROM comment c JOIN comment near ON near.id IN (c.id, c.parent_id, c.root_id)
    WHERE c.id = ANY(:comments) AND c.site_id = :site
    """
).bindparams(bindparam("comments", type_=ARRAY(Uuid)))


class NewlySeen(NamedTuple):
    """A reader who is counted for the first time, or on an earlier day than before."""

    reader_id: UUID
    day: date
    first_day: date | None
    known: bool


def count_cells(session: Session, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """The figures of these cells as columns of `engagement_cell`, without site and section.

    Cells without comments are left out. Every author must have a number already.
    """
    return [_columns(row) for row in session.execute(_COUNTED, _lists(cells)).mappings()]


def newly_seen(session: Session, cells: Sequence[Cell]) -> list[NewlySeen]:
    """Authors in these cells who have no number yet, or commented earlier than was known."""
    return [NewlySeen(*row) for row in session.execute(_NEWLY_SEEN, _lists(cells))]


def cells_of_comments(session: Session, ids: Iterable[UUID], *, site_id: UUID) -> set[Cell]:
    """The cells whose figures follow from these comments of the site."""
    found = session.execute(_TOUCHED_BY, {"comments": list(ids), "site": site_id})
    return {Cell(*row) for row in found}


def _lists(cells: Sequence[Cell]) -> dict[str, Any]:
    return {"articles": [c.article_id for c in cells], "days": [c.day for c in cells]}


def _columns(row: Mapping[Any, Any]) -> dict[str, Any]:
    seconds = pack_seconds(row["reply_seconds"] or ())
    return {**row, "readers": BitMap(row["readers"]), "reply_seconds": seconds}
