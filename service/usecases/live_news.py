"""Finds in what a transaction wrote into the log what readers with the page open are to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event as hooks
from sqlalchemy.orm import Session, object_session

from service.domain.live_update import ARTICLE_KINDS, News, change_of
from service.models import Event

_WRITTEN = "events_written"


@hooks.listens_for(Event, "after_insert")
def _remember(_mapper: object, _connection: object, event: Event) -> None:
    # In the session and not by each use case: whatever writes an event is told of, so no way of
    # changing a comment can be forgotten.
    session = object_session(event)
    if session is not None:
        session.info.setdefault(_WRITTEN, []).append(event)


def written_news(session: Session) -> Sequence[News]:
    """What the session's events, committed by now, change for readers; each is given once."""
    events: list[Event] = session.info.pop(_WRITTEN, [])
    return [news for event in events if (news := _news_of(event)) is not None]


def _news_of(event: Event) -> News | None:
    if event.article_id is None:
        return None
    if event.comment_id is None or event.kind in ARTICLE_KINDS:
        told = event.kind in ARTICLE_KINDS
        return News(event.article_id, event_id=event.id) if told else None
    data: dict[str, Any] = event.data
    change = change_of(event.kind, event.from_status, event.to_status, data.get("action"))
    if change is None:
        return None
    return News(event.article_id, event.comment_id, event.id, change)
