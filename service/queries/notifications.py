"""What a reader was told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.comment import CommentStatus
from service.models import Comment, Decision, Notification
from service.queries.comments import Page
from service.queries.thread_order import Position

REPLIED = "comment.replied"
FEATURED = "comment.featured"


def own_notifications(
    session: Session, *, reader_id: UUID, now: datetime, after: Position | None, limit: int
) -> Page[Notification]:
    """One page of the messages a reader may see by now, newest first."""
    query = select(Notification).where(visible_to(reader_id, now)).order_by(Notification.id.desc())
    if after is not None:
        query = query.where(Notification.id < after.id)
    rows = session.scalars(query.limit(limit + 1)).all()
    return Page(rows[:limit], Position(rows[limit - 1].id) if len(rows) > limit else None)


def unread_count(session: Session, *, reader_id: UUID, now: datetime) -> int:
    """How many of them were not read yet."""
    query = select(func.count(Notification.id)).where(
        visible_to(reader_id, now), Notification.read_at.is_(None)
    )
    return session.scalar(query) or 0


def visible_to(reader_id: UUID, now: datetime) -> ColumnElement[bool]:
    """What a reader may see by now.

    1. Nothing before its time. 2. Nothing of a decision that was undone in time. 3. No reply
    that is not public any more.
    """
    undone = select(Decision.id).where(
        Decision.id == Notification.decision_id, Decision.reversed_at <= Decision.final_at
    )
    reply = aliased(Comment)  # a name of its own: callers may join comments themselves
    gone = select(reply.id).where(
        reply.id == Notification.comment_id, reply.status != CommentStatus.PUBLISHED.value
    )
    return and_(
        Notification.reader_id == reader_id,
        Notification.send_at <= now,
        ~undone.exists(),
        or_(Notification.kind != REPLIED, ~gone.exists()),
    )
