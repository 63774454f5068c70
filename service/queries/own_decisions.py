"""The decisions that restrict a reader, as the reader sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.appeal import Party, appeal_deadline
from service.models import Appeal, Decision, StatementOfReasons
from service.queries.comments import Page
from service.queries.statements import known
from service.queries.thread_order import Position


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """A decision with its statement, the reader's appeal if there is one, and the last day."""

    decision: Decision
    statement: StatementOfReasons
    appeal: Appeal | None
    appeal_until: datetime
    can_appeal: bool


def own_decisions(
    session: Session, *, reader_id: UUID, now: datetime, after: Position | None, limit: int
) -> Page[OwnDecision]:
    """One page of the restrictions of a reader and of the reader's comments, newest first.

    What can still be undone is known to nobody and is left out, as is what was undone in time.
    """
    query = (
        select(Decision, StatementOfReasons, Appeal)
        .join(StatementOfReasons, StatementOfReasons.decision_id == Decision.id)
        .outerjoin(Appeal, (Appeal.decision_id == Decision.id) & (Appeal.reader_id == reader_id))
        .where(
            StatementOfReasons.reader_id == reader_id,
            known(now),
        )
        .order_by(Decision.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(Decision.id < after.id)
    found = session.execute(query)
    rows = [_own(decision, statement, appeal, now=now) for decision, statement, appeal in found]
    more = len(rows) > limit
    return Page(rows[:limit], Position(rows[limit - 1].decision.id) if more else None)


def _own(
    decision: Decision, statement: StatementOfReasons, appeal: Appeal | None, *, now: datetime
) -> OwnDecision:
    until = appeal_deadline(decision.final_at)
    stands = decision.reversed_at is None
    filed = appeal is not None and appeal.party == Party.AUTHOR
    return OwnDecision(decision, statement, appeal, until, stands and not filed and now <= until)
