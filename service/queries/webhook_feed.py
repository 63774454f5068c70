"""What the log of a site has for its webhooks: events by position, with what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, load_only

from service.models import (
    Article,
    Comment,
    Decision,
    Event,
    EventSeal,
    Webhook,
    WebhookCursor,
)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event at its place, and the article and comment it is about."""

    position: int
    event: Event
    article: Article | None
    comment: Comment | None

    @property
    def decision_id(self) -> UUID | None:
        """The decision on a comment that the event is about."""
        named = self.event.data.get("decision") if self.event.comment_id else None
        try:
            return UUID(named) if named else None
        except ValueError:
            return None  # one odd event must not stop the feed for ever


def sites_behind(session: Session) -> Sequence[UUID]:
    """Sites with a webhook and with sealed events nobody has thought of yet."""
    last = (
        select(func.max(EventSeal.position))
        .where(EventSeal.site_id == WebhookCursor.site_id)
        .scalar_subquery()
    )
    return session.scalars(
        select(WebhookCursor.site_id)
        .where(
            exists().where(Webhook.site_id == WebhookCursor.site_id), last > WebhookCursor.position
        )
        .order_by(WebhookCursor.site_id)
    ).all()


def feed_after(session: Session, site_id: UUID, position: int, *, limit: int) -> list[FeedEvent]:
    """The next events of a site's log, `limit` at most, in their order."""
    rows = session.execute(
        select(EventSeal.position, Event, Article, Comment)
        .join(Event, Event.id == EventSeal.event_id)
        .outerjoin(Article, Article.id == Event.article_id)
        .outerjoin(Comment, Comment.id == Event.comment_id)
        .options(load_only(Article.key, Article.url), load_only(Comment.root_id, Comment.parent_id))
        .where(
            EventSeal.site_id == site_id,
            EventSeal.position > position,
            EventSeal.position <= position + limit,
        )
        .order_by(EventSeal.position)
    )
    return [FeedEvent(*row) for row in rows]


def decisions_of(session: Session, feed: Iterable[FeedEvent]) -> dict[UUID, Decision]:
    """The decisions these events are about, by id."""
    ids = {found.decision_id for found in feed} - {None}
    if not ids:
        return {}
    rows = session.scalars(select(Decision).where(Decision.id.in_(ids)))
    return {decision.id: decision for decision in rows}


def unsettled(session: Session, comment_ids: Iterable[UUID], now: datetime) -> dict[UUID, datetime]:
    """Comments of these on which a person's decision can still be undone, and until when."""
    ids = set(comment_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(Decision.comment_id, func.max(Decision.final_at))
        .where(Decision.comment_id.in_(ids), Decision.final_at > now, ~Decision.automated)
        .group_by(Decision.comment_id)
    )
    return {comment_id: final_at for comment_id, final_at in rows if comment_id is not None}
