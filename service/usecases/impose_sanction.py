"""Carry out a sanction: by the ladder, by a moderator, or by two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.automation import Automation, DecisionSource
from service.domain.guideline import Policy
from service.domain.sanction import EVENT_OF, SanctionKind
from service.models import Comment, Decision, Event, Proposal, Reader, Sanction, new_id
from service.usecases.notify import notify
from service.usecases.reader_standing import refresh_standing
from service.usecases.state_reasons import state_reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionTerms:
    """What is to be done to a reader, and who or what wants it.

    `actor_id`: the moderator who decides; for a sanction of the ladder, whoever decided on the
    breach, so that an appeal goes to somebody else. `cause_id`: that decision.
    """

    kind: SanctionKind
    guideline: str
    source: DecisionSource
    part: Automation
    ends_at: datetime | None = None
    actor_id: UUID | None = None
    cause_id: UUID | None = None
    note: str | None = None
    signals: Mapping[str, Any] = field(default_factory=dict)


def impose_sanction(
    session: Session,
    *,
    reader: Reader,
    terms: SanctionTerms,
    policy: Policy,
    now: datetime,
    send_at: datetime,
    comment: Comment | None = None,
) -> Sanction:
    """Write decision, sanction, event, statement of reasons and message for a locked reader.

    It is in force at once; the reader is told at `send_at`. `comment` is what led to it.
    Checks belong to the callers.
    """
    before = reader.standing
    decision = _decision(reader, terms, policy, now=now, send_at=send_at)
    session.add(decision)
    session.flush()
    sanction = Sanction(
        id=new_id(),
        site_id=reader.site_id,
        reader_id=reader.id,
        kind=terms.kind.value,
        decision_id=decision.id,
        cause_id=terms.cause_id,
        guideline=terms.guideline,
        automated=decision.automated,
        created_at=now,
        ends_at=terms.ends_at,
    )
    session.add(sanction)
    session.flush()
    refresh_standing(session, reader, now)
    decision.from_status, decision.to_status = before, reader.standing
    _announce(session, sanction, decision, terms, now=now, send_at=send_at)
    state_reasons(
        session, decision=decision, reader=reader, policy=policy, comment=comment, now=now
    )
    return sanction


def _decision(
    reader: Reader, terms: SanctionTerms, policy: Policy, *, now: datetime, send_at: datetime
) -> Decision:
    return Decision(
        id=new_id(),
        site_id=reader.site_id,
        reader_id=reader.id,
        action=terms.kind.value,
        guideline=terms.guideline,
        rules=[],
        signals=dict(terms.signals),
        policy_version=policy.version,
        source=terms.source.value,
        automated=False,
        automated_detection=terms.part.detection,
        automated_decision=terms.part.decision.value,
        actor_id=terms.actor_id,
        note=terms.note,
        ends_at=terms.ends_at,
        final_at=send_at,
        created_at=now,
    )


def _announce(
    session: Session,
    sanction: Sanction,
    decision: Decision,
    terms: SanctionTerms,
    *,
    now: datetime,
    send_at: datetime,
) -> None:
    kind = EVENT_OF[terms.kind]
    by_ladder = terms.source is DecisionSource.LADDER
    ends_at = terms.ends_at.isoformat() if terms.ends_at else None
    said = {"sanction": str(sanction.id), "guideline": terms.guideline, "ends_at": ends_at}
    session.add(
        Event(
            site_id=sanction.site_id,
            kind=kind,
            reader_id=sanction.reader_id,
            actor="machine" if by_ladder else "moderator",
            actor_id=None if by_ladder else terms.actor_id,
            data={**said, "decision": str(decision.id), "cause": _text(terms.cause_id)},
            created_at=now,
        )
    )
    notify(
        session,
        site_id=sanction.site_id,
        kind=kind,
        now=now,
        send_at=send_at,
        reader_id=sanction.reader_id,
        decision_id=decision.id,
        data=said,
    )


def propose(
    session: Session,
    *,
    reader: Reader,
    action: str,
    guideline: str,
    now: datetime,
    proposed_by: UUID | None,
    note: str | None = None,
    comment_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> Proposal:
    """Put an action before a second person, with its event. `proposed_by` None: the ladder."""
    proposal = Proposal(
        id=new_id(),
        site_id=reader.site_id,
        action=action,
        reader_id=reader.id,
        comment_id=comment_id,
        guideline=guideline,
        note=note,
        details=dict(details or {}),
        proposed_by=proposed_by,
        created_at=now,
    )
    session.add(proposal)
    session.add(
        Event(
            site_id=reader.site_id,
            kind="proposal.made",
            reader_id=reader.id,
            comment_id=comment_id,
            actor="moderator" if proposed_by else "machine",
            actor_id=proposed_by,
            data={"proposal": str(proposal.id), "action": action, "guideline": guideline},
            created_at=now,
        )
    )
    session.flush()
    return proposal


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
