"""A comment, its revisions, and the one way its status changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.domain.comment import CommentStatus, check_move
from service.domain.ranking import rank
from service.models.base import Base, new_id, utc_now
from service.models.event import Event
from service.models.reader import Reader

_LISTED = text("parent_id IS NULL AND (status = 'published' OR visible_replies > 0)")
_FEATURED = text("parent_id IS NULL AND status = 'published' AND featured_at IS NOT NULL")


class Comment(Base):
    """One comment. `root_id` names its thread: the top-level comment it hangs under, or itself."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("visible_replies >= 0", "visible_replies"),
        CheckConstraint("nudge_until IS NULL OR status = 'pending'", "nudge_pending"),
        Index("ix_comment_thread_page", "article_id", "demoted", "id", postgresql_where=_LISTED),
        Index(
            "ix_comment_thread_top",
            "article_id",
            "demoted",
            "rank",
            "id",
            postgresql_where=_LISTED,
        ),
        Index(
            "ix_comment_thread_featured",
            "article_id",
            "featured_at",
            "id",
            postgresql_where=_FEATURED,
        ),
        Index(
            "ix_comment_replies",
            "root_id",
            "id",
            postgresql_where=text("parent_id IS NOT NULL AND status = 'published'"),
        ),
        Index("ix_comment_parent", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_comment_reader", "reader_id", "id"),
        Index("ix_comment_reader_time", "reader_id", "created_at"),
        Index("ix_comment_article_time", "article_id", "created_at"),
        Index("ix_comment_site_time", "site_id", "created_at"),
        Index("ix_comment_fingerprint", "site_id", "fingerprint", "created_at"),
        Index("ix_comment_bands", "bands", postgresql_using="gin"),
        Index("ix_comment_pending", "id", postgresql_where=text("status = 'pending'")),
        Index(
            "ix_comment_edit_until", "edit_until", postgresql_where=text("edit_until IS NOT NULL")
        ),
        Index("ix_comment_retry", "retry_at", postgresql_where=text("retry_at IS NOT NULL")),
        # A thread's drift comment by comment, an article's threads, and those that are away.
        Index(
            "ix_comment_drift",
            "root_id",
            "drift_index",
            postgresql_where=text("drift_index IS NOT NULL"),
        ),
        Index("ix_comment_threads", "article_id", "id", postgresql_where=text("parent_id IS NULL")),
        Index(
            "ix_comment_adrift",
            "site_id",
            "adrift_since",
            postgresql_where=text("adrift_since IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"))
    root_id: Mapped[UUID]
    depth: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(16), default=CommentStatus.PENDING.value)
    revision: Mapped[int] = mapped_column(default=1)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(8))
    demoted: Mapped[bool] = mapped_column(default=False)
    human_decision: Mapped[str] = mapped_column(String(16), default="none")
    featured_at: Mapped[datetime | None]
    # A moderator's remark that readers see with the comment.
    label: Mapped[str | None] = mapped_column(String(200))
    # On a top-level comment: its thread takes no more replies.
    locked: Mapped[bool] = mapped_column(default=False)
    # Kept as evidence: not edited, not erased, until released.
    legal_hold: Mapped[bool] = mapped_column(default=False)
    # A moderator asked the author to change it; the edit window is open until then.
    edit_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    edited_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    # Published comments below this one in its thread; kept on the top-level comment only.
    visible_replies: Mapped[int] = mapped_column(default=0)
    # How many readers reacted, by kind; equal to a count of the rows of `reaction`.
    reactions: Mapped[dict[str, int]] = mapped_column(
        JSONB, default=dict, server_default=text("'{}'::jsonb")
    )
    # What its age adds to its rank, fixed when posted; and the rank among the article's threads,
    # kept on the top-level comment only (service/domain/ranking.py).
    advance: Mapped[float] = mapped_column(Float, default=0.0, server_default=text("0"))
    rank: Mapped[float] = mapped_column(Float, default=0.0, server_default=text("0"))
    # How far the thread had moved from its article with this comment; on the top-level comment
    # the thread's latest, with the running estimate behind it (service/domain/drift.py).
    drift: Mapped[float | None]
    drift_state: Mapped[dict[str, Any] | None]
    # The comment's turn in that estimate, from 0, and the relevance it counted with, if known.
    drift_index: Mapped[int | None]
    relevance: Mapped[float | None]
    # On the top-level comment of a thread that has left its article: since when.
    adrift_since: Mapped[datetime | None]

    # Repeats: an exact fingerprint and the bands of a near one (service/domain/fingerprint.py).
    fingerprint: Mapped[int] = mapped_column(BigInteger)
    bands: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)

    # Scoring: who holds it until when, how often it was tried, when to try again.
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]

    # The author was asked to think again: when, until when the answer is waited for (nobody
    # scores it meanwhile), and the guideline it was about.
    nudged_at: Mapped[datetime | None]
    nudge_until: Mapped[datetime | None]
    nudge_guideline: Mapped[str | None] = mapped_column(String(64))

    reader: Mapped[Reader] = relationship(lazy="raise")

    def move_to(
        self,
        status: CommentStatus,
        *,
        kind: str,
        actor: str,
        now: datetime,
        actor_id: UUID | None = None,
        data: dict[str, Any] | None = None,
    ) -> Event:
        """Change the status: the only place that does. Returns the one event to be stored.

        Raises Conflict where the move is not allowed. Counters that readers see are the
        caller's to adjust by `visible_change`.
        """
        old = CommentStatus(self.status)
        check_move(old, status)
        self.status, self.nudge_until = status.value, None
        if status is CommentStatus.PUBLISHED:
            self.published_at = self.published_at or now
        return self.event(
            kind, actor=actor, now=now, actor_id=actor_id, data=data, from_status=old.value
        )

    def awaits_author(self, now: datetime) -> bool:
        """Whether its author was asked to think again and may still answer."""
        return self.nudge_until is not None and now < self.nudge_until

    def rerank(self) -> None:
        """Bring the rank in step with reactions and replies. A reply has none of its own."""
        if self.parent_id is None:
            self.rank = rank(
                reactions=sum(self.reactions.values()),
                replies=self.visible_replies,
                advance=self.advance,
            )

    def event(
        self,
        kind: str,
        *,
        actor: str,
        now: datetime,
        actor_id: UUID | None = None,
        data: dict[str, Any] | None = None,
        from_status: str | None = None,
    ) -> Event:
        """An event about this comment; without `from_status` its status did not change."""
        return Event(
            site_id=self.site_id,
            kind=kind,
            comment_id=self.id,
            article_id=self.article_id,
            revision=self.revision,
            from_status=from_status,
            to_status=self.status,
            reader_id=self.reader_id,
            actor=actor,
            actor_id=actor_id,
            data=data or {},
            created_at=now,
        )


class CommentRevision(Base):
    """The text of one revision, kept as it was."""

    __tablename__ = "comment_revision"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


def visible_change(old: str, new: str) -> int:
    """By how much the count of published comments changes between two statuses: -1, 0 or 1."""
    published = CommentStatus.PUBLISHED.value
    return (new == published) - (old == published)
