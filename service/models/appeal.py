"""Appeals against decisions, and the quality samples that look at decisions a second time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.appeal import AppealState
from service.models.base import Base, new_id, utc_now


class Appeal(Base):
    """Somebody whom a decision concerns asks for it to be looked at again, by another person."""

    __tablename__ = "appeal"
    __table_args__ = (
        # One per decision and person; a notice's sender may have no account.
        UniqueConstraint("decision_id", "reader_id"),
        Index(
            "uq_appeal_notice",
            "decision_id",
            "notice_id",
            unique=True,
            postgresql_where=text("notice_id IS NOT NULL"),
        ),
        Index("ix_appeal_open", "site_id", "due_at", postgresql_where=text("state = 'filed'")),
        Index("ix_appeal_comment", "comment_id"),
        Index("ix_appeal_site_time", "site_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"))
    # "author" of the comment, "reporter" or "notifier".
    party: Mapped[str] = mapped_column(String(16))
    reader_id: Mapped[UUID | None] = mapped_column(ForeignKey("reader.id"))
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notice.id"))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=AppealState.FILED.value)
    due_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    decided_at: Mapped[datetime | None]
    # What the appellant is told.
    reasons: Mapped[str | None] = mapped_column(Text)
    # The decision that carried out an overturning.
    outcome_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class QaSample(Base):
    """A decision drawn for a second look by somebody who does not see it."""

    __tablename__ = "qa_sample"
    __table_args__ = (
        Index("ix_qa_sample_comment", "comment_id"),
        Index("ix_qa_sample_site_time", "site_id", "created_at"),
        Index(
            "ix_qa_sample_waiting",
            "open_from",
            postgresql_where=text("state = 'open' AND opened_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    revision: Mapped[int]
    # What is compared: whether the comment may be public, and under which guideline not.
    restricted: Mapped[bool]
    guideline: Mapped[str | None] = mapped_column(String(64))
    automated: Mapped[bool]
    rules: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    # "open", "agreed", "disagreed" or "void" (the comment changed before anybody looked).
    state: Mapped[str] = mapped_column(String(16), default="open")
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    reviewed_at: Mapped[datetime | None]
    review_restricted: Mapped[bool | None]
    review_guideline: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    # Not before the decision can no longer be undone.
    open_from: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
