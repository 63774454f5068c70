"""Tell a reader or the sender of a notice something, from a moment on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.models import Notification


def notify(
    session: Session,
    *,
    site_id: UUID,
    kind: str,
    now: datetime,
    send_at: datetime | None = None,
    reader_id: UUID | None = None,
    notice_id: UUID | None = None,
    comment_id: UUID | None = None,
    decision_id: UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> Notification:
    """One message to a reader or to the sender of a notice; nobody sees it before `send_at`.

    `data` holds ids and words of our own, never a text by a reader. Raises ValueError where it is
    addressed to nobody.
    """
    if reader_id is None and notice_id is None:
        raise ValueError("a notification is for a reader or for the sender of a notice")
    message = Notification(
        site_id=site_id,
        reader_id=reader_id,
        notice_id=notice_id,
        kind=kind,
        comment_id=comment_id,
        decision_id=decision_id,
        data=dict(data or {}),
        created_at=now,
        send_at=send_at or now,
    )
    session.add(message)
    return message
