"""The log as moderators read it: newest first, filtered, by keyset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.models import Event

# The most rows one CSV file holds; further ones are had by asking for an earlier `to`.
EXPORT_MOST = 100_000
EXPORT_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which events; None lets all pass. `kind` may end in `.` for a whole family.

    `moderator` is who acted, `reader` whom it is about. From `since`, up to but without `until`.
    """

    kind: str | None = None
    comment: UUID | None = None
    reader: UUID | None = None
    moderator: UUID | None = None
    article: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def log_page(
    session: Session, wanted: LogFilter, *, site_id: UUID, before: int | None, limit: int
) -> tuple[Sequence[Event], int | None]:
    """One page of events, newest first, and the id before which the next page begins."""
    rows = session.scalars(_query(wanted, site_id, before).limit(limit + 1)).all()
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], rows[limit - 1].id


def log_rows(session: Session, wanted: LogFilter, *, site_id: UUID) -> Iterator[Event]:
    """All such events, newest first, up to EXPORT_MOST; read in batches."""
    before: int | None = None
    for _ in range(EXPORT_MOST // EXPORT_BATCH):
        rows = session.scalars(_query(wanted, site_id, before).limit(EXPORT_BATCH)).all()
        yield from rows
        if len(rows) < EXPORT_BATCH:
            return
        before = rows[-1].id
        session.expunge_all()


def _query(wanted: LogFilter, site_id: UUID, before: int | None) -> Select[Event]:
    query = select(Event).where(Event.site_id == site_id).order_by(Event.id.desc())
    equal = (
        (Event.comment_id, wanted.comment),
        (Event.reader_id, wanted.reader),
        (Event.actor_id, wanted.moderator),
        (Event.article_id, wanted.article),
    )
    for column, value in equal:
        if value is not None:
            query = query.where(column == value)
    if wanted.kind is not None:
        is_family = wanted.kind.endswith(".")
        query = query.where(
            Event.kind.startswith(wanted.kind) if is_family else Event.kind == wanted.kind
        )
    if wanted.since is not None:
        query = query.where(Event.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Event.created_at < wanted.until)
    return query.where(Event.id < before) if before is not None else query
