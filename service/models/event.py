"""The append-only log: one row for everything that happened, never with personal data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, utc_now


class Event(Base):
    """One thing that happened. A trigger refuses UPDATE and DELETE on this table."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_comment", "comment_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    kind: Mapped[str] = mapped_column(String(48))
    comment_id: Mapped[UUID | None]
    article_id: Mapped[UUID | None]
    revision: Mapped[int | None]
    from_status: Mapped[str | None] = mapped_column(String(16))
    to_status: Mapped[str | None] = mapped_column(String(16))
    # "machine", "reader", "moderator" or "publisher", and an id that means nothing outside.
    actor: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
