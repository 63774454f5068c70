"""Put a thread that left its article before the moderators: one item for the thread, on its top."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.action import CLOSING, DRIFT_ANSWERS
from service.domain.guideline import DRIFT_QUEUE, Policy
from service.models import Comment, Decision, Event, ReviewState
from service.queries.thread_drift import LEFT
from service.usecases.open_review import close_reason, find_review, open_review

# How long people's word on a thread that had left holds when it leaves once more.
QUIET = timedelta(days=1)
ANSWERS = CLOSING | DRIFT_ANSWERS


def review_drift(session: Session, top: Comment, *, policy: Policy, now: datetime) -> bool:
    """Open the thread's item, or join the one its top comment has; says whether it is there.

    1. Only where the site's guideline file wants it (`drift: {review: true}`).
    2. Not where people have decided on this thread's last departure within a day: one item a day
       at most, unless nobody answered the one before.
    The caller holds the lock on the top comment.
    """
    if not policy.drift.review or _answered_lately(session, top, now):
        return False
    open_review(session, top, DRIFT_QUEUE, policy=policy, now=now)
    return True


def close_drift(session: Session, top: Comment, now: datetime) -> bool:
    """The thread came back: take the reason away where nobody has taken the item further.

    An item that stands for nothing else is closed as no longer needed; one that somebody handed
    to a colleague stays with the colleague.
    """
    item = find_review(session, top, lock=True)
    if item is None or item.state in (ReviewState.DECIDED, ReviewState.ESCALATED):
        return False
    if DRIFT_QUEUE not in item.reasons:
        return False
    close_reason(session, item, DRIFT_QUEUE, now)
    return item.state == ReviewState.DECIDED


def _answered_lately(session: Session, top: Comment, now: datetime) -> bool:
    last_left = session.scalar(
        select(func.max(Event.created_at)).where(Event.comment_id == top.id, Event.kind == LEFT)
    )
    if last_left is None:
        return False
    answer = select(Decision.id).where(
        Decision.comment_id == top.id,
        Decision.created_at >= max(last_left, now - QUIET),
        Decision.automated.is_(False),
        Decision.action.in_([action.value for action in ANSWERS]),
        Decision.reversed_at.is_(None),
    )
    return session.scalar(answer.limit(1)) is not None
