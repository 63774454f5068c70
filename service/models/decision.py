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
    """An action on a comment's revision or on a reader; by a rule or a person, in one shape."""

    __tablename__ = "decision"
    __table_args__ = (
        # One enforced automated decision per revision when it is scored, and one when reports
        # come in, whatever is delivered twice.
        Index(
            "uq_decision_automated",
            "comment_id",
            "revision",
            "source",
            unique=True,
            postgresql_where=text("automated AND comment_id IS NOT NULL"),
        ),
        Index("ix_decision_comment", "comment_id", "created_at"),
        Index("ix_decision_reader", "reader_id", "created_at"),
        Index("ix_decision_actor", "actor_id", "created_at"),
        Index("ix_decision_site_time", "site_id", "created_at"),
        # People's decisions, for finding similar ones.
        Index("ix_decision_person", "site_id", "id", postgresql_where=text("NOT automated")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    # The comment it is about; None where it is about the reader.
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"))
    revision: Mapped[int | None]
    # The reader it concerns: the comment's author.
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    action: Mapped[str] = mapped_column(String(24))
    guideline: Mapped[str | None] = mapped_column(String(64))
    queue: Mapped[str | None] = mapped_column(String(32))
    demote: Mapped[bool] = mapped_column(default=False)
    # The rules that fired, each with the values it saw; shadow rules are marked as such.
    rules: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    policy_version: Mapped[str] = mapped_column(String(64))
    shadow_action: Mapped[str | None] = mapped_column(String(16))
    # What brought it up: DecisionSource.
    source: Mapped[str] = mapped_column(String(16), default="rule")
    automated: Mapped[bool]
    # Derived from what happened (service/domain/automation.py), never typed in by anybody.
    automated_detection: Mapped[bool]
    automated_decision: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[UUID | None]
    note: Mapped[str | None] = mapped_column(Text)
    from_status: Mapped[str | None] = mapped_column(String(16))
    to_status: Mapped[str | None] = mapped_column(String(16))
    # End of a sanction; None for none or without end.
    ends_at: Mapped[datetime | None]
    # The decision this one reverses, and when and by which decision this one was reversed.
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    reversed_at: Mapped[datetime | None]
    # Nobody is told before this moment; until then the decision can be undone.
    final_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    def matched(self) -> list[dict[str, Any]]:
        """The rules in force that matched, each as it was written down."""
        return [
            rule for rule in self.rules if rule["result"] == "match" and rule["mode"] == "enforce"
        ]


class StatementOfReasons(Base):
    """Why a comment or reader was restricted, as the reader is told (DSA, Article 17)."""

    __tablename__ = "statement_of_reasons"
    __table_args__ = (Index("ix_statement_of_reasons_site_time", "site_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), index=True)
    measure: Mapped[str] = mapped_column(String(24))
    guideline: Mapped[str] = mapped_column(String(64))
    clause: Mapped[str] = mapped_column(String(16))
    # What was done, until when and where; the clause; how it came up; the machine's part.
    effect: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    automation: Mapped[str] = mapped_column(Text)
    automated_detection: Mapped[bool]
    automated_decision: Mapped[str] = mapped_column(String(16))
    redress: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(16))
    ends_at: Mapped[datetime | None]
    # The same statement in the fields of the EU's Transparency Database; no personal data.
    dsa: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
