"""What a reversal makes of the notices a decision had answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.domain.guideline import Policy
from service.domain.notice import NoticeCategory, clause_of, floor_of, queue_of
from service.domain.report import NoticeState
from service.models import Comment, Decision, Notice, Notification
from service.usecases.decide_notice import DECIDED, tell_notifier
from service.usecases.open_review import open_review


def turn_notices(
    session: Session,
    *,
    decision: Decision,
    comment: Comment,
    state: NoticeState,
    policy: Policy,
    now: datetime,
) -> int:
    """The notices a reversed decision had answered get another state; says how many.

    Open (the decision was undone): each waits again, in its queue and with its own clock, and
    nobody is told. Otherwise their senders learn of the new outcome at once.
    """
    notices = session.scalars(
        select(Notice)
        .where(Notice.comment_id == comment.id, Notice.decision_id == decision.id)
        .with_for_update()
    ).all()
    for notice in notices:
        notice.state = state.value
        if state is NoticeState.OPEN:
            _wait_again(session, notice, comment, policy, now)
        else:
            tell_notifier(session, notice, decision, now=now, send_at=now)
        data = {"notice": str(notice.id), "decision": str(decision.id), "state": state.value}
        session.add(comment.event("notice.turned", actor="machine", now=now, data=data))
    return len(notices)


def _wait_again(
    session: Session, notice: Notice, comment: Comment, policy: Policy, now: datetime
) -> None:
    session.execute(
        delete(Notification).where(
            Notification.decision_id == notice.decision_id,
            Notification.kind == DECIDED,
            Notification.send_at > now,
        )
    )
    notice.decision_id = notice.decided_at = notice.answer = None
    category = NoticeCategory(notice.category)
    open_review(
        session,
        comment,
        queue_of(category),
        policy=policy,
        now=now,
        guideline=clause_of(category, policy),
        floor=floor_of(category),
    )
