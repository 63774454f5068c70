"""Put a comment before the moderators: one item per comment gathers every reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.guideline import UNSCORED_QUEUE, Policy
from service.domain.priority import Priority, next_change, priority
from service.domain.report import NoticeState
from service.models import Comment, Event, Notice, ReviewItem, ReviewState

SEARCH_LANGUAGE = "simple"
LEAD = "lead"
# Where notices of illegal content wait: nothing else answers them.
NOTICE_QUEUES = ("legal", "urgent")
SLOWEST_SLA_MINUTES = 1_440
MINUTE = timedelta(minutes=1)


def open_review(
    session: Session,
    comment: Comment,
    queue: str,
    *,
    policy: Policy,
    now: datetime,
    priority: int = 0,
    p_violation: float | None = None,
    guideline: str | None = None,
    floor: int = 0,
    severe: bool | None = None,
) -> ReviewItem:
    """Open an item for the comment, or add the reason to the one it has and reopen it.

    `priority` (0–100) is what the rules add; `p_violation` the probability (0–1) that a guideline
    was broken; `guideline` the one in question; `floor` the least priority it must have; `severe`
    whether the text is hard to look at. Of what several reasons say, the most urgent counts.
    """
    item = find_review(session, comment, lock=True)
    if item is None:
        item = _new_item(comment)
        session.add(item)
        _start(item, comment, now)
    elif item.state == ReviewState.DECIDED:
        _start(item, comment, now)
        item.version += 1
        session.add(_event(comment, "review.reopened", queue, now))
    else:
        item.version += 1
    if queue not in item.reasons:
        item.reasons = [*item.reasons, queue]
    severity = policy.severity_of(guideline if guideline in policy.guidelines else None)
    item.severity_weight = max(item.severity_weight, severity.weight if severity else 0)
    item.rule_priority = max(item.rule_priority, priority)
    item.floor = max(item.floor, floor)
    if p_violation is not None:
        item.p_violation = p_violation
    if severe is not None:
        item.severe = severe
    item.search = func.to_tsvector(SEARCH_LANGUAGE, comment.body)
    reprice(item, policy, visible=comment.status == CommentStatus.PUBLISHED, now=now)
    return item


def close_reason(session: Session, item: ReviewItem, reason: str, now: datetime) -> None:
    """Take one reason away; an item without another is done."""
    if reason not in item.reasons:
        return
    item.reasons = [other for other in item.reasons if other != reason]
    item.version += 1
    if not item.reasons:
        close_item(item, now)


def close_item(item: ReviewItem, now: datetime) -> None:
    """The item is done: nobody holds it any more, and its clock stops."""
    item.state, item.decided_at = ReviewState.DECIDED.value, now
    item.reprice_at = item.due_at = None
    free_claim(item)


def free_claim(item: ReviewItem) -> None:
    """Nobody holds the item; escalated ones stay with those they were escalated to."""
    item.claim_id = item.claimed_by = item.claimed_at = item.lease_until = None
    if item.state == ReviewState.CLAIMED:
        state = ReviewState.ESCALATED if item.escalated_to else ReviewState.OPEN
        item.state = state.value


def note_change(session: Session, comment: Comment) -> None:
    """The text changed under the moderators' eyes: what they saw of it is stale."""
    item = find_review(session, comment, lock=True)
    if item is not None:
        item.version += 1


def leave_queue(session: Session, comment: Comment, now: datetime) -> None:
    """Nothing is left to decide, except what a notice of illegal content asks."""
    item = find_review(session, comment, lock=True)
    if item is None or item.state == ReviewState.DECIDED:
        return
    item.version += 1
    item.reasons = [reason for reason in item.reasons if reason in NOTICE_QUEUES]
    if not item.reasons or not has_open_notice(session, comment):
        close_item(item, now)


def has_open_notice(session: Session, comment: Comment) -> bool:
    """Whether somebody waits for an answer to a notice about the comment."""
    query = select(Notice.id).where(
        Notice.comment_id == comment.id, Notice.state == NoticeState.OPEN.value
    )
    return session.scalar(query.limit(1)) is not None


def hand_on(item: ReviewItem, to: str) -> None:
    """The item goes to `to`: whoever held it no longer does, and others are not given it."""
    item.claim_id = item.claimed_by = item.claimed_at = item.lease_until = None
    item.escalated_to, item.state = to, ReviewState.ESCALATED.value


def close_unscored(session: Session, comment: Comment, now: datetime) -> None:
    """Take away the reason `unscored` once there is a score."""
    item = find_review(session, comment, lock=True)
    if item is not None:
        close_reason(session, item, UNSCORED_QUEUE, now)


def find_review(session: Session, comment: Comment, *, lock: bool = False) -> ReviewItem | None:
    """The comment's item, if it ever had one; locked for a change if asked."""
    query = select(ReviewItem).where(ReviewItem.comment_id == comment.id)
    if lock:
        # What is pending goes out first: reading the row anew would undo it.
        session.flush()
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.execute(query).scalar_one_or_none()


def sla_minutes(item: ReviewItem, policy: Policy) -> int:
    """The shortest time any of the item's queues gives, in minutes."""
    queues = [policy.queues[name] for name in item.reasons if name in policy.queues]
    return min((queue.sla_minutes for queue in queues), default=SLOWEST_SLA_MINUTES)


def price(item: ReviewItem, policy: Policy, *, visible: bool, now: datetime) -> Priority:
    """The item's priority with its components, as of now."""
    return priority(
        p_violation=item.p_violation or 0.0,
        severity_weight=item.severity_weight,
        visible=visible,
        age_minutes=(now - item.opened_at) / MINUTE,
        sla_minutes=sla_minutes(item, policy),
        rule_priority=item.rule_priority,
        floor=item.floor,
        breached=item.breached_at is not None or bool(item.due_at and item.due_at <= now),
    )


def reprice(item: ReviewItem, policy: Policy, *, visible: bool, now: datetime) -> None:
    """Write the priority anew, the time it is due, and when time alone will change it."""
    minutes = sla_minutes(item, policy)
    item.due_at = item.opened_at + minutes * MINUTE
    item.priority = price(item, policy, visible=visible, now=now).total
    later = next_change(age_minutes=(now - item.opened_at) / MINUTE, sla_minutes=minutes)
    item.reprice_at = now + later * MINUTE if later is not None else None


def _new_item(comment: Comment) -> ReviewItem:
    return ReviewItem(
        site_id=comment.site_id,
        comment_id=comment.id,
        article_id=comment.article_id,
        reader_id=comment.reader_id,
        version=1,
        skip_count=0,
        severe=False,
    )


def _start(item: ReviewItem, comment: Comment, now: datetime) -> None:
    item.state, item.opened_at, item.decided_at = ReviewState.OPEN.value, now, None
    item.reasons, item.skipped_by = [], []
    item.rule_priority = item.floor = item.severity_weight = 0
    item.p_violation = item.breached_at = None
    item.skip_count = 0
    item.escalated_to = item.escalated_by = item.first_opinion = None


def _event(comment: Comment, kind: str, queue: str, now: datetime) -> Event:
    return comment.event(kind, actor="machine", now=now, data={"queue": queue})
