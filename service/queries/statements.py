"""Statements of reasons as the EU's Transparency Database takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, select, tuple_
from sqlalchemy.orm import Session

from service.domain.dsa_validation import BATCH_MAX
from service.domain.errors import Invalid
from service.domain.period import Period
from service.models import Decision, StatementOfReasons
from service.queries.comments import Page
from service.queries.thread_order import Position


def known(now: datetime) -> ColumnElement[bool]:
    """Decisions their readers could know of: no longer to be undone, and not undone in time."""
    return and_(
        Decision.final_at <= now,
        Decision.reversed_at.is_(None) | (Decision.reversed_at > Decision.final_at),
    )


def statement_batch(
    session: Session, *, site_id: UUID, period: Period, now: datetime, after: Position | None
) -> Page[dict[str, Any]]:
    """One batch of the statements given in a period, oldest first: at most BATCH_MAX.

    A warning restricts nothing and is not for the database. Raises Invalid naming `cursor`.
    """
    query = (
        select(StatementOfReasons)
        .join(Decision, Decision.id == StatementOfReasons.decision_id)
        .where(
            StatementOfReasons.site_id == site_id,
            StatementOfReasons.created_at >= period.start,
            StatementOfReasons.created_at < period.end,
            StatementOfReasons.dsa != {},
            known(now),
        )
        .order_by(StatementOfReasons.created_at, StatementOfReasons.id)
        .limit(BATCH_MAX + 1)
    )
    if after is not None:
        query = query.where(_later_than(session, after, site_id))
    rows = session.scalars(query).all()
    more = len(rows) > BATCH_MAX
    last = Position(rows[BATCH_MAX - 1].id) if more else None
    return Page([row.dsa for row in rows[:BATCH_MAX]], last)


def _later_than(session: Session, after: Position, site_id: UUID) -> ColumnElement[bool]:
    """By time first: the index of a site's statements gives the rest of the period at once."""
    written_at = session.scalar(
        select(StatementOfReasons.created_at).where(
            StatementOfReasons.id == after.id, StatementOfReasons.site_id == site_id
        )
    )
    if written_at is None:
        raise Invalid({"cursor": ["Is not a cursor of this list."]})
    place = tuple_(StatementOfReasons.created_at, StatementOfReasons.id)
    return place > tuple_(literal(written_at), literal(after.id))


def statement_batches(
    session: Session, *, site_id: UUID, period: Period, now: datetime
) -> Iterator[Sequence[dict[str, Any]]]:
    """All batches of a period, oldest first; none where there was nothing."""
    after: Position | None = None
    while True:
        page = statement_batch(session, site_id=site_id, period=period, now=now, after=after)
        if page.items:
            yield page.items
        if page.next is None:
            return
        after = page.next
