"""Put a comment before the moderators: one item per comment gathers every reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.guideline import UNSCORED_QUEUE
from service.models import Comment, ReviewItem, ReviewState


def open_review(
    session: Session, comment: Comment, queue: str, *, priority: int, now: datetime
) -> ReviewItem:
    """Open an item for the comment, or add the reason to the one it has and reopen it."""
    item = find_review(session, comment)
    if item is None:
        item = ReviewItem(
            site_id=comment.site_id,
            comment_id=comment.id,
            article_id=comment.article_id,
            reader_id=comment.reader_id,
            reasons=[queue],
            priority=priority,
            opened_at=now,
        )
        session.add(item)
        return item
    if item.state == ReviewState.DECIDED:
        item.state, item.opened_at, item.decided_at = ReviewState.OPEN.value, now, None
        item.reasons = []
    if queue not in item.reasons:
        item.reasons = [*item.reasons, queue]
    item.priority = max(item.priority, priority)
    item.version += 1
    return item


def close_unscored(session: Session, comment: Comment, now: datetime) -> None:
    """Take away the reason `unscored` once there is a score; without another the item is done."""
    item = find_review(session, comment)
    if item is None or UNSCORED_QUEUE not in item.reasons:
        return
    item.reasons = [reason for reason in item.reasons if reason != UNSCORED_QUEUE]
    item.version += 1
    if not item.reasons:
        item.state, item.decided_at = ReviewState.DECIDED.value, now


def find_review(session: Session, comment: Comment) -> ReviewItem | None:
    """The comment's item, if it ever had one."""
    return session.execute(
        select(ReviewItem).where(ReviewItem.comment_id == comment.id)
    ).scalar_one_or_none()
