"""Events of a review item that several use cases write."""

from __future__ import annotations

from datetime import datetime

from service.models import Event, ReviewItem
from service.usecases.identify_caller import SignedInModerator


def escalated_event(item: ReviewItem, actor: SignedInModerator, to: str, now: datetime) -> Event:
    """The event of an item that now waits for `to`."""
    return Event(
        site_id=item.site_id,
        kind="review.escalated",
        comment_id=item.comment_id,
        article_id=item.article_id,
        reader_id=item.reader_id,
        actor="moderator",
        actor_id=actor.id,
        data={"item": str(item.id), "to": to},
        created_at=now,
    )
