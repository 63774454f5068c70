"""Messages by e-mail: who asked for them, where they go, and how far they were sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, utc_now


class Digest(Base):
    """One reader's choice. The row is deleted, with its address, when the reader opts out."""

    __tablename__ = "digest"
    __table_args__ = (
        CheckConstraint("(email IS NULL) = (stopped_reason IS NOT NULL)", "stopped"),
        Index("ix_digest_due", "try_at", postgresql_where=text("email IS NOT NULL")),
    )

    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    # As the publisher's sign-in gave it; gone once the address refused a letter.
    email: Mapped[str | None] = mapped_column(Text)
    frequency: Mapped[str] = mapped_column(String(16))
    stopped_reason: Mapped[str | None] = mapped_column(String(32))
    # Messages up to here were sent. The next letter covers those up to `next_at`, and is tried
    # at `try_at`: the same, or later where it failed.
    covered_until: Mapped[datetime]
    next_at: Mapped[datetime]
    try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # Who sends it holds it until then. A lease found run out means that nobody knows whether the
    # letter went out; `lost` counts those.
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
