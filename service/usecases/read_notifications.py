"""A reader has read messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update

from service.models import Notification
from service.usecases.context import Context


def read_notifications(ctx: Context, *, reader_id: UUID, ids: Sequence[UUID] | None) -> int:
    """Mark these messages of the reader as read, or all of them; says how many were unread.

    Ids of other readers' messages, and of messages not yet sent, change nothing.
    """
    now = ctx.clock()
    change = (
        update(Notification)
        .where(
            Notification.reader_id == reader_id,
            Notification.send_at <= now,
            Notification.read_at.is_(None),
        )
        .values(read_at=now)
    )
    if ids is not None:
        change = change.where(Notification.id.in_(ids))
    with ctx.transaction() as tx:
        done: CursorResult[Any] = tx.session.execute(change)  # type: ignore[assignment]
        return done.rowcount
