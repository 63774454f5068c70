"""Write an appeal down and put the comment before the moderators again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.appeal import AppealState, Party, appeal_due
from service.domain.errors import Conflict
from service.domain.guideline import APPEALS_QUEUE
from service.models import Appeal, Comment, Decision, Event, new_id
from service.usecases.context import Context
from service.usecases.open_review import open_review

# An appeal never waits at the bottom of the queue.
PRIORITY_FLOOR = 60


@dataclass(frozen=True, slots=True)
class Appellant:
    """Who appeals: a reader, or the sender of a notice."""

    party: Party
    reader_id: UUID | None = None
    notice_id: UUID | None = None


def store_appeal(
    ctx: Context,
    session: Session,
    *,
    decision: Decision,
    comment: Comment | None,
    appellant: Appellant,
    body: str,
) -> Appeal:
    """Store an appeal that was checked, with its event, and reopen the comment's review item.

    The comment, or the reader where there is none, is locked. Raises Conflict `appeal_exists`
    that says how far the first one has come.
    """
    now = ctx.clock()
    _check_first(session, decision, appellant)
    policy = ctx.policy(decision.site_id)
    appeal = Appeal(
        id=new_id(),
        site_id=decision.site_id,
        decision_id=decision.id,
        comment_id=decision.comment_id,
        party=appellant.party.value,
        reader_id=appellant.reader_id,
        notice_id=appellant.notice_id,
        body=body,
        state=AppealState.FILED.value,
        due_at=appeal_due(now, policy),
        created_at=now,
    )
    session.add(appeal)
    session.add(
        appeal_event(
            decision,
            comment,
            "appeal.filed",
            actor="reader" if appellant.reader_id else "anyone",
            actor_id=appellant.reader_id,
            data={
                "appeal": str(appeal.id),
                "decision": str(decision.id),
                "party": appellant.party.value,
            },
            now=now,
        )
    )
    if comment is not None:
        open_review(
            session,
            comment,
            APPEALS_QUEUE,
            policy=policy,
            now=now,
            guideline=decision.guideline,
            floor=PRIORITY_FLOOR,
        )
    return appeal


def appeal_event(
    decision: Decision, comment: Comment | None, kind: str, *, data: dict[str, Any], **who: Any
) -> Event:
    """An event about an appeal: the comment's, or the reader's where no comment is concerned.

    `who` holds actor, actor_id and now.
    """
    if comment is not None:
        return comment.event(kind, data=data, **who)
    return Event(
        site_id=decision.site_id,
        kind=kind,
        reader_id=decision.reader_id,
        actor=who["actor"],
        actor_id=who["actor_id"],
        data=data,
        created_at=who["now"],
    )


def _check_first(session: Session, decision: Decision, appellant: Appellant) -> None:
    whose = (
        Appeal.reader_id == appellant.reader_id
        if appellant.reader_id is not None
        else Appeal.notice_id == appellant.notice_id
    )
    first = session.scalars(
        select(Appeal).where(Appeal.decision_id == decision.id, whose).limit(1)
    ).first()
    if first is not None:
        day = first.created_at.date().isoformat()
        raise Conflict(
            f"You appealed against this on {day}; that appeal is {first.state}.",
            code="appeal_exists",
        )
