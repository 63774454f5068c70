"""The append-only log: one row for everything that happened, never with personal data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, utc_now


class Event(Base):
    """One thing that happened. A trigger refuses UPDATE and DELETE on this table."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_comment", "comment_id", "id"),
        Index("ix_event_site", "site_id", "id"),
        Index("ix_event_site_kind", "site_id", "kind", "id"),
        Index("ix_event_site_time", "site_id", "created_at"),
        Index(
            "ix_event_article", "article_id", "id", postgresql_where=text("article_id IS NOT NULL")
        ),
        Index(
            "ix_event_article_drift",
            "article_id",
            "id",
            postgresql_where=text("kind IN ('article.drifting', 'article.returned')"),
        ),
        Index("ix_event_reader", "reader_id", "id", postgresql_where=text("reader_id IS NOT NULL")),
        Index("ix_event_actor", "actor_id", "id", postgresql_where=text("actor_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(String(48))
    comment_id: Mapped[UUID | None]
    article_id: Mapped[UUID | None]
    # The reader a decision, sanction or report is about.
    reader_id: Mapped[UUID | None]
    revision: Mapped[int | None]
    from_status: Mapped[str | None] = mapped_column(String(16))
    to_status: Mapped[str | None] = mapped_column(String(16))
    # "machine", "reader", "moderator" or "publisher", and an id that means nothing outside.
    actor: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class EventSeal(Base):
    """The hash chain over a site's events, in a table of its own so that writing an event never
    waits for the one before it. Row `position` seals one event and all rows before it.
    """

    __tablename__ = "event_seal"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    # SHA-256 in hex over the hash before it and the event.
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(default=utc_now)
