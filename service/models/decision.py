"""Decisions on comments, by a rule or a person, and the statement of reasons a restriction owes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, new_id, utc_now


class Decision(Base):
    """An action taken on one revision. Automated and human decisions have the same shape."""

    __tablename__ = "decision"
    __table_args__ = (
        # One enforced automated decision per comment revision, whatever is delivered twice.
        Index(
            "uq_decision_automated",
            "comment_id",
            "revision",
            unique=True,
            postgresql_where=text("automated"),
        ),
        Index("ix_decision_comment", "comment_id", "created_at"),
        Index("ix_decision_site_time", "site_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    revision: Mapped[int]
    action: Mapped[str] = mapped_column(String(16))
    guideline: Mapped[str | None] = mapped_column(String(64))
    queue: Mapped[str | None] = mapped_column(String(32))
    demote: Mapped[bool] = mapped_column(default=False)
    # The rules that fired, each with the values it saw; shadow rules are marked as such.
    rules: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    policy_version: Mapped[str] = mapped_column(String(64))
    shadow_action: Mapped[str | None] = mapped_column(String(16))
    automated: Mapped[bool]
    actor_id: Mapped[UUID | None]
    note: Mapped[str | None] = mapped_column(Text)
    from_status: Mapped[str] = mapped_column(String(16))
    to_status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class StatementOfReasons(Base):
    """Why a comment was restricted, as its author reads it (Digital Services Act, Article 17)."""

    __tablename__ = "statement_of_reasons"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), index=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), index=True)
    measure: Mapped[str] = mapped_column(String(16))
    guideline: Mapped[str] = mapped_column(String(64))
    clause: Mapped[str] = mapped_column(String(16))
    ground: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    automated_detection: Mapped[bool]
    automated_decision: Mapped[str] = mapped_column(String(16))
    redress: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class GuidelineVersion(Base):
    """A guideline file that has been in force; a decision names it by its hash."""

    __tablename__ = "guideline_version"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    activated_at: Mapped[datetime] = mapped_column(default=utc_now)
