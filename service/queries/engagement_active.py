"""What is being talked about now, from the comments themselves; and how fresh the roll-ups are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.models import (
    Article,
    Comment,
    EngagementCursor,
    EngagementTouch,
    Event,
    EventSeal,
)


@dataclass(frozen=True, slots=True)
class ActiveArticle:
    """An article's last hours, and as many hours before them."""

    key: str
    title: str | None
    url: str | None
    section: str | None
    comments: int
    published: int
    readers: int
    before: int


def active_articles(
    session: Session, *, site_id: UUID, now: datetime, hours: int, limit: int
) -> list[ActiveArticle]:
    """The articles with the most comments posted in the last `hours`, most first."""
    since = now - timedelta(hours=hours)
    recent = Comment.created_at >= since
    counted = (
        select(
            Comment.article_id,
            func.count().filter(recent).label("comments"),
            func.count()
            .filter(recent, Comment.status == CommentStatus.PUBLISHED.value)
            .label("published"),
            func.count(Comment.reader_id.distinct()).filter(recent).label("readers"),
            func.count().filter(~recent).label("before"),
        )
        .where(
            Comment.site_id == site_id,
            Comment.created_at >= since - timedelta(hours=hours),
            Comment.created_at <= now,
        )
        .group_by(Comment.article_id)
        .having(func.count().filter(recent) > 0)
        .order_by(func.count().filter(recent).desc(), Comment.article_id)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(
            Article.key,
            Article.title,
            Article.url,
            Article.section,
            counted.c.comments,
            counted.c.published,
            counted.c.readers,
            counted.c.before,
        )
        .join(counted, counted.c.article_id == Article.id)
        .order_by(counted.c.comments.desc(), Article.id)
    )
    return [ActiveArticle(*row) for row in rows]


def as_of(session: Session, *, site_id: UUID, now: datetime) -> datetime | None:
    """Until when everything that happened is in the roll-ups; None while there are none.

    That is the oldest thing not yet counted (a sealed event, an event, a touch), else now.
    """
    position = session.scalar(
        select(EngagementCursor.position).where(EngagementCursor.site_id == site_id)
    )
    if position is None:
        return None
    at_position = (
        select(EventSeal.event_id)
        .where(EventSeal.site_id == site_id, EventSeal.position == position)
        .scalar_subquery()
    )
    waiting = (
        select(Event.created_at)
        .where(Event.site_id == site_id, Event.id > func.coalesce(at_position, 0))
        .order_by(Event.id)
        .limit(1)
    )
    touched = (
        select(EngagementTouch.created_at)
        .where(EngagementTouch.site_id == site_id)
        .order_by(EngagementTouch.id)
        .limit(1)
    )
    found = [session.scalar(waiting), session.scalar(touched)]
    return min([at for at in found if at is not None] + [now])
