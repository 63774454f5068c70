"""Where a publisher's systems want to be told what happens, and every message to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, new_id, utc_now


class Webhook(Base):
    """An address of the publisher that is told of some types of events."""

    __tablename__ = "webhook"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(String(200), default="")
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # Newest first: {"sealed", "until"}; `until` is an ISO time, null for the one in use.
    secrets: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    # It is told of events that come after this one: its own `webhook.added`.
    after_event: Mapped[int] = mapped_column(BigInteger)
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(String(16))
    # Since when nothing could be delivered, and how many tries in a row have failed.
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(32))
    last_delivered_at: Mapped[datetime | None]
    # Nothing is tried before this time: it has just failed several times, or asked for it.
    paused_until: Mapped[datetime | None]
    # A sender works on its messages until then.
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class WebhookDelivery(Base):
    """One message to one webhook, and how far it has come."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id", "type"),
        Index(
            "ix_webhook_delivery_due",
            "webhook_id",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_webhook_delivery_log", "webhook_id", "id"),
        Index("ix_webhook_delivery_state", "webhook_id", "state", "id"),
        Index(
            "ix_webhook_delivery_decision",
            "decision_id",
            postgresql_where=text("state = 'waiting' AND decision_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    # None for a test.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    type: Mapped[str] = mapped_column(String(32))
    # Made once: every try sends the same.
    payload: Mapped[dict[str, Any]]
    # A person's decision that can still be undone when the message is made.
    decision_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    last_attempt_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(String(32))
    duration_ms: Mapped[int | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class WebhookCursor(Base):
    """Up to which seal of a site's log its webhooks have been thought of."""

    __tablename__ = "webhook_cursor"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
