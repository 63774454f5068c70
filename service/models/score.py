"""What the models said of each revision, and which worker has which models loaded."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, new_id, utc_now


class Score(Base):
    """One model's numbers for one revision of one comment, and how they came about."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("comment_id", "revision", "task", "model", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    revision: Mapped[int]
    task: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(48))
    version: Mapped[str] = mapped_column(String(48))
    calibration: Mapped[str] = mapped_column(String(48))
    values: Mapped[dict[str, Any]]
    unknown: Mapped[str | None] = mapped_column(String(32))
    windows: Mapped[int]
    language: Mapped[str | None] = mapped_column(String(8))
    was_obfuscated: Mapped[bool]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ScorerHeartbeat(Base):
    """A scoring worker saying that it lives, and with which models."""

    __tablename__ = "scorer_heartbeat"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    ready: Mapped[bool]
    models: Mapped[dict[str, Any]]
    problem: Mapped[str | None] = mapped_column(String(200))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
