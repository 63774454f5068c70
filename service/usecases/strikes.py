"""Strikes: points for a breach that a person found, and what they lead to."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.domain.guideline import Policy
from service.models import (
    Decision,
    Notification,
    Proposal,
    Reader,
    Sanction,
    StatementOfReasons,
    Strike,
    new_id,
)
from service.queries.sanctions import live_sanctions, live_strikes
from service.usecases.climb_ladder import LADDER, climb_ladder
from service.usecases.notify import notify
from service.usecases.reader_standing import (
    OVERTURNED,
    end_sanction,
    lock_reader,
    refresh_standing,
    strike_event,
)


def add_strike(
    session: Session, *, decision: Decision, policy: Policy, now: datetime, send_at: datetime
) -> Strike | None:
    """Count a breach against the comment's author, inside the caller's transaction.

    1. Only a person's decision counts: what the machine decides alone gives no strike.
    2. Points and expiry are those of the guideline's severity; without points nothing happens.
    3. A comment counts once, at its gravest: a second decision on it adds a strike only where it
       weighs more, and then replaces the first.
    4. Then the ladder is climbed; messages go out at `send_at`.

    None where nothing was counted.
    """
    severity = policy.severity_of(decision.guideline)
    if decision.automated or severity is None or severity.strikes == 0:
        return None
    reader = lock_reader(session, decision.reader_id)
    refresh_standing(session, reader, now)
    before = reader.strikes
    earlier = _same_comment(session, decision, now)
    if any(strike.points >= severity.strikes for strike in earlier):
        return None
    for strike in earlier:
        strike.voided_at = now
        session.add(strike_event(strike, "strike.replaced", now))
    days = severity.expires_days
    strike = Strike(
        id=new_id(),
        site_id=reader.site_id,
        reader_id=reader.id,
        decision_id=decision.id,
        guideline=decision.guideline,
        severity=severity.id,
        points=severity.strikes,
        created_at=now,
        expires_at=now + timedelta(days=days) if days is not None else None,
    )
    session.add_all([strike, strike_event(strike, "strike.added", now)])
    refresh_standing(session, reader, now)
    climb_ladder(
        session,
        reader=reader,
        cause=decision,
        strikes_before=before,
        policy=policy,
        now=now,
        send_at=send_at,
    )
    return strike


def void_strikes(session: Session, *, decision_id: UUID, now: datetime) -> int:
    """Take back the strikes of a decision that was reversed; says how many.

    A sanction of the ladder ends where the strikes that are left of those it was based on no
    longer reach its rung; so does a proposal. Strikes that expired still count for it: time does
    not make it wrong. What the reader was not told yet, the reader is not told.
    """
    strikes = session.scalars(
        select(Strike).where(Strike.decision_id == decision_id, Strike.voided_at.is_(None))
    ).all()
    if not strikes:
        return 0
    reader = lock_reader(session, strikes[0].reader_id)
    for strike in strikes:
        strike.voided_at = now
        session.add(strike_event(strike, "strike.voided", now))
    session.flush()
    for sanction in live_sanctions(session, reader.id, now):
        decision = session.get_one(Decision, sanction.decision_id)
        if _lost_its_ground(session, decision.signals.get(LADDER)):
            _overturn(session, sanction, decision, now)
    _drop_proposals(session, reader, now)
    refresh_standing(session, reader, now)
    return len(strikes)


def _same_comment(session: Session, decision: Decision, now: datetime) -> list[Strike]:
    """The reader's live strikes for the comment this decision is about."""
    live = live_strikes(session, decision.reader_id, now)
    if decision.comment_id is None or not live:
        return []
    about = session.scalars(
        select(Decision.id).where(
            Decision.id.in_([strike.decision_id for strike in live]),
            Decision.comment_id == decision.comment_id,
        )
    ).all()
    return [strike for strike in live if strike.decision_id in about]


def _lost_its_ground(session: Session, ladder: dict[str, object] | None) -> bool:
    if ladder is None:
        return False
    counted = ladder["strikes"]
    points = session.scalars(
        select(Strike.points).where(
            Strike.id.in_([UUID(strike) for strike in counted]),  # type: ignore[attr-defined]
            Strike.voided_at.is_(None),
        )
    )
    return sum(points) < int(str(ladder["at"]))


def _overturn(session: Session, sanction: Sanction, decision: Decision, now: datetime) -> None:
    end_sanction(session, sanction, reason=OVERTURNED, now=now)
    if decision.final_at > now:
        of_it = Notification.decision_id == decision.id
        session.execute(delete(Notification).where(of_it))
        session.execute(
            delete(StatementOfReasons).where(StatementOfReasons.decision_id == decision.id)
        )
        return
    notify(
        session,
        site_id=sanction.site_id,
        kind="sanction.ended",
        now=now,
        reader_id=sanction.reader_id,
        decision_id=decision.id,
        data={"sanction": str(sanction.id), "reason": OVERTURNED},
    )


def _drop_proposals(session: Session, reader: Reader, now: datetime) -> None:
    proposals = session.scalars(
        select(Proposal).where(Proposal.reader_id == reader.id, Proposal.state == "open")
    )
    for proposal in proposals.all():
        if _lost_its_ground(session, proposal.details.get(LADDER)):
            proposal.state, proposal.settled_at = "declined", now
