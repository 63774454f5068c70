"""What one more breach leads to: the rung of the sanctions ladder that was reached."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.domain.automation import DecisionSource
from service.domain.guideline import Policy, SanctionStep
from service.domain.sanction import (
    SanctionKind,
    ladder_automation,
    missing_warning,
    next_sanction,
)
from service.models import Comment, Decision, Proposal, Reader
from service.queries.sanctions import live_sanctions, live_strikes, was_warned
from service.usecases.impose_sanction import SanctionTerms, impose_sanction, propose

# Under this name a decision or proposal says which rung and which strikes it is based on.
LADDER = "ladder"


def climb_ladder(
    session: Session,
    *,
    reader: Reader,
    cause: Decision,
    strikes_before: int,
    policy: Policy,
    now: datetime,
    send_at: datetime,
) -> None:
    """Carry out, or propose, what a locked reader's strikes lead to after `cause`.

    A rung that needs a person becomes a proposal; so does every rung but the warning where the
    reader is one of the publisher's own people.
    """
    guideline = cause.guideline
    live = [sanction.kind for sanction in live_sanctions(session, reader.id, now)]
    if guideline is None or SanctionKind.BAN in live:
        return
    warned = was_warned(session, reader.id, now)
    step = next_sanction(strikes_before, reader.strikes, policy.sanctions, warned=warned, live=live)
    warning = missing_warning(step, reader.strikes, policy.sanctions, warned=warned)
    if warning is not None and SanctionKind.WARN not in live:
        _take(session, warning, reader, cause, guideline, policy, now=now, send_at=send_at)
    if step is None:
        return
    if step.needs_human or (reader.is_staff and step.action != "warn"):
        _propose(session, step, reader, cause, guideline, now)
    else:
        _take(session, step, reader, cause, guideline, policy, now=now, send_at=send_at)


def _take(
    session: Session,
    step: SanctionStep,
    reader: Reader,
    cause: Decision,
    guideline: str,
    policy: Policy,
    *,
    now: datetime,
    send_at: datetime,
) -> None:
    terms = SanctionTerms(
        kind=SanctionKind(step.action),
        guideline=guideline,
        source=DecisionSource.LADDER,
        part=ladder_automation(cause_detected=cause.automated_detection),
        ends_at=now + timedelta(days=step.days) if step.days is not None else None,
        actor_id=cause.actor_id,
        cause_id=cause.id,
        signals={LADDER: _ground(session, step, reader, now)},
    )
    comment = session.get(Comment, cause.comment_id) if cause.comment_id else None
    impose_sanction(
        session,
        reader=reader,
        terms=terms,
        policy=policy,
        now=now,
        send_at=send_at,
        comment=comment,
    )


def _propose(
    session: Session,
    step: SanctionStep,
    reader: Reader,
    cause: Decision,
    guideline: str,
    now: datetime,
) -> None:
    is_proposed = exists().where(
        Proposal.reader_id == reader.id, Proposal.action == step.action, Proposal.state == "open"
    )
    if session.scalar(select(is_proposed)):
        return
    propose(
        session,
        reader=reader,
        action=step.action,
        guideline=guideline,
        now=now,
        proposed_by=None,
        details={
            LADDER: _ground(session, step, reader, now),
            "days": step.days,
            "cause": str(cause.id),
            "detected": cause.automated_detection,
        },
    )


def _ground(session: Session, step: SanctionStep, reader: Reader, now: datetime) -> dict[str, Any]:
    counted = live_strikes(session, reader.id, now)
    return {
        "at": step.at,
        "points": reader.strikes,
        "strikes": [str(strike.id) for strike in counted],
    }
