"""What a reader or a notifier is to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, new_id, utc_now


class Notification(Base):
    """One message, shown from `send_at` on: a decision undone before that tells nobody."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_reader", "reader_id", "send_at"),
        Index("ix_notification_decision", "decision_id"),
        # A reply that comes back after an edit is announced once.
        Index(
            "ix_notification_replied",
            "reader_id",
            "comment_id",
            unique=True,
            postgresql_where=text("kind = 'comment.replied'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    # One of the two: a reader with an account, or the sender of a notice.
    reader_id: Mapped[UUID | None] = mapped_column(ForeignKey("reader.id"))
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notice.id"))
    kind: Mapped[str] = mapped_column(String(32))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    # What the message is made of besides: ids and words of our own, no text of a reader's.
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    send_at: Mapped[datetime] = mapped_column(default=utc_now)
    read_at: Mapped[datetime | None]
