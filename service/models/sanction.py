"""What a reader's breaches led to: strikes, sanctions, and moderators' notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, new_id, utc_now


class Strike(Base):
    """Points for one breach. They count until they expire or the decision is overturned."""

    __tablename__ = "strike"
    __table_args__ = (
        CheckConstraint("points > 0", "points"),
        Index("ix_strike_reader", "reader_id", "expires_at"),
        Index("ix_strike_decision", "decision_id"),
        # What the sweep still has to count off its reader's strikes.
        Index(
            "ix_strike_expiry",
            "expires_at",
            postgresql_where=text(
                "expires_at IS NOT NULL AND expired_at IS NULL AND voided_at IS NULL"
            ),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    guideline: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(String(32))
    points: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    # None: it never expires.
    expires_at: Mapped[datetime | None]
    # When it was counted off the reader's strikes.
    expired_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class Sanction(Base):
    """A warning, premoderation, suspension or ban of a reader, or the muting of a reporter."""

    __tablename__ = "sanction"
    __table_args__ = (
        Index("ix_sanction_reader", "reader_id", "created_at"),
        # At most one of a kind lives at a time.
        Index(
            "uq_sanction_live",
            "reader_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND kind <> 'warn'"),
        ),
        Index(
            "ix_sanction_ends",
            "ends_at",
            postgresql_where=text("ended_at IS NULL AND ends_at IS NOT NULL"),
        ),
        Index("ix_sanction_decision", "decision_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    kind: Mapped[str] = mapped_column(String(16))
    # The decision on the reader that this sanction carries out.
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    # The decision on a comment whose strike led here, where the ladder did.
    cause_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    guideline: Mapped[str | None] = mapped_column(String(64))
    automated: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # "expired", "lifted" or "overturned".
    end_reason: Mapped[str | None] = mapped_column(String(16))
    # A warning holds the reader's next comment back until it was read.
    acknowledged_at: Mapped[datetime | None]


class Proposal(Base):
    """An action that needs two people: one proposes, another confirms or declines."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_open", "site_id", "id", postgresql_where=text("state = 'open'")),
        # One open proposal of a kind per reader and comment.
        Index(
            "uq_proposal_open",
            "reader_id",
            "action",
            "comment_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_proposal_site", "site_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    action: Mapped[str] = mapped_column(String(24))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"))
    guideline: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # None: the strikes ladder proposes it.
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    # "open", "confirmed" or "declined".
    state: Mapped[str] = mapped_column(String(16), default="open")
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    settled_at: Mapped[datetime | None]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ReaderNote(Base):
    """A moderator's note on a reader, for other moderators."""

    __tablename__ = "reader_note"
    __table_args__ = (Index("ix_reader_note_reader", "reader_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("moderator.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
