"""Answers already given, so that a request sent twice is carried out once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, utc_now


class IdempotencyKey(Base):
    """The first answer to a request that carried an Idempotency-Key."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_created", "created_at"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
