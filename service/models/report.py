"""What readers say of comments: reports under a guideline, and notices of illegal content."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.report import NoticeState, ReportState
from service.models.base import Base, new_id, utc_now


class Report(Base):
    """A complaint under one guideline: one per reporter and comment."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("reader_id IS NOT NULL OR guest_hash IS NOT NULL OR expired", "reporter"),
        Index(
            "uq_report_reader",
            "comment_id",
            "reader_id",
            unique=True,
            postgresql_where=text("reader_id IS NOT NULL"),
        ),
        Index(
            "uq_report_guest",
            "comment_id",
            "guest_hash",
            unique=True,
            postgresql_where=text("guest_hash IS NOT NULL"),
        ),
        # A reporter's record, per family of guidelines.
        Index(
            "ix_report_record",
            "reader_id",
            "family",
            "decided_at",
            postgresql_where=text("state IN ('upheld', 'dismissed')"),
        ),
        # How often reports are right at this site.
        Index(
            "ix_report_site_record",
            "site_id",
            "decided_at",
            postgresql_where=text("state IN ('upheld', 'dismissed')"),
        ),
        Index("ix_report_comment", "comment_id", "state"),
        Index("ix_report_site_time", "site_id", "created_at"),
        Index("ix_report_article_time", "article_id", "created_at"),
        Index("ix_report_author_time", "author_id", "created_at"),
        Index("ix_report_reader_time", "reader_id", "created_at"),
        Index(
            "ix_report_guest_time",
            "guest_hash",
            "created_at",
            postgresql_where=text("guest_hash IS NOT NULL"),
        ),
        Index(
            "ix_report_hash_expiry",
            "created_at",
            postgresql_where=text("guest_hash IS NOT NULL OR network_hash IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    # The comment's author, for finding bursts against one person.
    author_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    # Who reports: a reader, or a visitor known by a salted hash only, until that expires.
    reader_id: Mapped[UUID | None] = mapped_column(ForeignKey("reader.id"))
    guest_hash: Mapped[str | None] = mapped_column(String(64))
    network_hash: Mapped[str | None] = mapped_column(String(64))
    expired: Mapped[bool] = mapped_column(default=False)
    guideline: Mapped[str] = mapped_column(String(64))
    # Guidelines whose reports wait in the same queue; records are kept per family.
    family: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str | None] = mapped_column(Text)
    # What was reported, even if its author changed it since.
    revision: Mapped[int]
    body_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=ReportState.OPEN.value)
    suspected: Mapped[bool] = mapped_column(default=False)
    # Where the same text under the same guideline was already looked at.
    already_reviewed: Mapped[bool] = mapped_column(default=False)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]


class Notice(Base):
    """A notice of illegal content (Digital Services Act, Article 16). Never merged with reports."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_comment", "comment_id"),
        Index("ix_notice_open", "site_id", "due_at", postgresql_where=text("state = 'open'")),
        Index("ix_notice_site_time", "site_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    # What the notifier quotes, and the hash of the secret that opens its page.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(32))
    explanation: Mapped[str] = mapped_column(Text)
    law: Mapped[str | None] = mapped_column(Text)
    # Further fields of one category (defamation).
    particulars: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Personal data: shown to those who decide, erased on request, never in the log.
    name: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(String(254))
    reader_id: Mapped[UUID | None] = mapped_column(ForeignKey("reader.id"))
    trusted_flagger: Mapped[bool] = mapped_column(default=False)
    good_faith: Mapped[bool]
    revision: Mapped[int]
    body_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=NoticeState.OPEN.value)
    due_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    # What the notifier is told.
    answer: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]
