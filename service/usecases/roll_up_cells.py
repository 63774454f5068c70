"""Count articles' days again and bring the sums above them in step: one site, one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import Uuid, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.domain.engagement import SUMMED, join_seconds
from service.models import EngagementCell, EngagementDay, EngagementReader
from service.queries.engagement_sources import Cell, count_cells, newly_seen

CELLS_AT_ONCE = 500
DAYS_AT_ONCE = 31

T = TypeVar("T")
_COUNTS = attrgetter(*SUMMED)

_MOVE_SECTIONS = text(
    """
    UPDATE engagement_cell cell SET section = coalesce(article.section, '')
    FROM article
    WHERE cell.article_id = article.id AND article.id = ANY(:articles)
      AND cell.section <> coalesce(article.section, '')
    RETURNING cell.day
    """
).bindparams(bindparam("articles", type_=ARRAY(Uuid)))

_ARTICLES = text(
    """
    INSERT INTO engagement_article
        (article_id, site_id, section, first_comment_at, first_comment_seconds)
    SELECT article.id, article.site_id, coalesce(article.section, ''), first.at,
           CASE WHEN first.at IS NOT NULL THEN least(2147483647, greatest(0, floor(extract(
               epoch FROM first.at - coalesce(article.published_at, article.created_at)))))::int END
    FROM article CROSS JOIN LATERAL (
        SELECT min(created_at) AS at FROM comment
        WHERE comment.article_id = article.id AND status = 'published'
    ) first
    WHERE article.id = ANY(:articles) AND article.site_id = :site
    ORDER BY article.id
    ON CONFLICT (article_id) DO UPDATE SET section = excluded.section,
        first_comment_at = excluded.first_comment_at,
        first_comment_seconds = excluded.first_comment_seconds
    """
).bindparams(bindparam("articles", type_=ARRAY(Uuid)))

_SECTIONS = text(
    "SELECT id, coalesce(section, '') AS section FROM article "
    "WHERE id = ANY(:articles) AND site_id = :site"
).bindparams(bindparam("articles", type_=ARRAY(Uuid)))

_PLACE = ("article_id", "day", "site_id")
_WRITTEN = upsert(EngagementCell.__table__)  # type: ignore[arg-type]
_REPLACE = _WRITTEN.on_conflict_do_update(
    index_elements=["article_id", "day"],
    set_={
        name: _WRITTEN.excluded[name]
        for name in EngagementCell.__table__.columns.keys()
        if name not in _PLACE
    },
)

_ADD_DAYS = insert(EngagementDay.__table__)  # type: ignore[arg-type]


def roll_up_cells(
    session: Session, *, site_id: UUID, cells: Iterable[Cell], articles: Iterable[UUID] = ()
) -> None:
    """Bring these cells, and everything that follows from them, in step with the rows.

    1. Each author has a number, and the earliest day is known. 2. The cells are counted from the
    comments and replaced. 3. Articles that moved take their cells along to the new section.
    4. The first comment of each article. 5. The sums of every day that changed.
    Doing it twice changes nothing. `articles` are looked at for 3 and 4 besides the cells' own.
    The caller holds the site's lock.
    """
    asked = sorted(set(cells))
    named = sorted({*articles, *(cell.article_id for cell in asked)})
    days = {cell.day for cell in asked}
    for some in _batches(asked, CELLS_AT_ONCE):
        days |= _number_readers(session, site_id, some)
        _replace_cells(session, site_id, some)
    for group in _batches(named, CELLS_AT_ONCE):
        days |= set(session.scalars(_MOVE_SECTIONS, {"articles": list(group)}))
        session.execute(_ARTICLES, {"articles": list(group), "site": site_id})
    for span in _batches(sorted(days), DAYS_AT_ONCE):
        _sum_days(session, site_id, span)


def _number_readers(session: Session, site_id: UUID, cells: Sequence[Cell]) -> set[date]:
    """Give numbers, note earlier first days; says on which days the newcomers changed."""
    seen = newly_seen(session, cells)
    new = [
        {"reader_id": one.reader_id, "site_id": site_id, "first_day": one.day}
        for one in seen
        if not one.known
    ]
    earlier = [{"reader_id": one.reader_id, "first_day": one.day} for one in seen if one.known]
    if new:
        session.execute(insert(EngagementReader), new)
    if earlier:
        session.execute(update(EngagementReader), earlier)
    return {one.first_day for one in seen if one.first_day} | {one.day for one in seen}


def _replace_cells(session: Session, site_id: UUID, cells: Sequence[Cell]) -> None:
    articles = list({cell.article_id for cell in cells})
    known = session.execute(_SECTIONS, {"articles": articles, "site": site_id})
    sections = {row.id: row.section for row in known}
    rows = [
        {**row, "site_id": site_id, "section": sections[row["article_id"]]}
        for row in count_cells(session, cells)
        if row["article_id"] in sections
    ]
    if rows:
        session.execute(_REPLACE, rows)


def _sum_days(session: Session, site_id: UUID, days: Sequence[date]) -> None:
    """Replace the sums of these days, of the site and of each section, from their cells."""
    table = EngagementCell.__table__
    cells = session.execute(
        select(table)
        .where(table.c.site_id == site_id, table.c.day.in_(days))
        .order_by(table.c.day, table.c.section, table.c.article_id)
    ).all()
    newcomers = _newcomers(session, site_id, days)
    rows = []
    for day, of_day in groupby(cells, key=lambda cell: cell.day):
        found = list(of_day)
        whole = {"whole": True, "section": "", "newcomers": newcomers.get(day, BitMap())}
        rows.append({"day": day, **whole, **_sum(found)})
        for section, part in groupby(found, key=lambda cell: cell.section):
            of_section = {"whole": False, "section": section, "newcomers": None}
            rows.append({"day": day, **of_section, **_sum(list(part))})
    session.execute(
        delete(EngagementDay).where(EngagementDay.site_id == site_id, EngagementDay.day.in_(days))
    )
    if rows:
        session.execute(_ADD_DAYS, [{"site_id": site_id, **row} for row in rows])


def _newcomers(session: Session, site_id: UUID, days: Sequence[date]) -> dict[date, BitMap]:
    found: dict[date, BitMap] = {}
    rows = session.execute(
        select(EngagementReader.first_day, EngagementReader.number).where(
            EngagementReader.site_id == site_id, EngagementReader.first_day.in_(days)
        )
    )
    for day, number in rows:
        if day is not None:
            found.setdefault(day, BitMap()).add(number)
    return found


def _sum(cells: Sequence[Any]) -> dict[str, Any]:
    sums = map(sum, zip(*map(_COUNTS, cells), strict=True))
    seconds = join_seconds(cell.reply_seconds for cell in cells)
    return {
        **dict(zip(SUMMED, sums, strict=True)),
        "depth_max": max(cell.depth_max for cell in cells),
        "readers": BitMap.union(*(cell.readers for cell in cells)),
        "reply_seconds": seconds,
    }


def _batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
