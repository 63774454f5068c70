"""With which request a text came in."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Event

# The field of an event's data that names the request.
REQUEST = "request"
WRITING = ("comment.posted", "comment.edited")


def request_ids(session: Session, comment_ids: Collection[UUID]) -> dict[tuple[UUID, int], str]:
    """Comment and revision → the id of the request it was posted or edited with, where known."""
    found = session.execute(
        select(Event.comment_id, Event.revision, Event.data[REQUEST].astext).where(
            Event.comment_id.in_(comment_ids), Event.kind.in_(WRITING)
        )
    )
    return {
        (comment_id, revision): request
        for comment_id, revision, request in found
        if comment_id is not None and revision is not None and request is not None
    }
