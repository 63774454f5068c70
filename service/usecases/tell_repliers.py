"""Tell the author of a comment that somebody has answered it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from service.domain.comment import CommentStatus
from service.models import Comment, Mute, Notification, new_id
from service.queries.notifications import REPLIED

# Who took a comment back, or had it erased, is not told what is said below it.
GONE = (CommentStatus.WITHDRAWN.value, CommentStatus.ERASED.value)


def tell_of_replies(session: Session, replies: Sequence[UUID]) -> None:
    """One message for each reply that has just become public, to the author it answers.

    1. Not for answers to oneself. 2. Not for authors the reader has muted. 3. Once for a reply,
    however often it is edited and published again.
    """
    reply, parent = aliased(Comment), aliased(Comment)
    muted = exists().where(Mute.reader_id == parent.reader_id, Mute.muted_id == reply.reader_id)
    rows = session.execute(
        select(
            reply.site_id,
            parent.reader_id,
            reply.id.label("comment_id"),
            parent.id.label("parent_id"),
            reply.published_at,
        )
        .join(parent, parent.id == reply.parent_id)
        .where(
            reply.id.in_(replies),
            parent.reader_id != reply.reader_id,
            parent.status.not_in(GONE),
            ~muted,
        )
    ).all()
    if not rows:
        return
    session.execute(
        insert(Notification)
        .values(
            [
                {
                    "id": new_id(),
                    "site_id": row.site_id,
                    "reader_id": row.reader_id,
                    "kind": REPLIED,
                    "comment_id": row.comment_id,
                    "data": {"parent": str(row.parent_id)},
                    "created_at": row.published_at,
                    "send_at": row.published_at,
                }
                for row in rows
            ]
        )
        .on_conflict_do_nothing()
    )
