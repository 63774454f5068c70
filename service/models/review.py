"""One place in the moderators' queue per comment, with every reason it is there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.guideline import QA_QUEUE
from service.models.base import Base, new_id, utc_now


class ReviewState(StrEnum):
    """How far a review item has come."""

    OPEN = "open"
    CLAIMED = "claimed"
    ESCALATED = "escalated"
    DECIDED = "decided"


_UNDECIDED = text("state <> 'decided'")


class ReviewItem(Base):
    """A comment that needs a person.

    A claim is part of its item: `claim_id`, whose it is and until when. So one row says
    everything, and two moderators can never hold the same item.
    """

    __tablename__ = "review_item"
    __table_args__ = (
        Index(
            "ix_review_item_queue",
            "site_id",
            text("priority DESC"),
            "id",
            postgresql_where=_UNDECIDED,
        ),
        Index("ix_review_item_article", "article_id", postgresql_where=_UNDECIDED),
        Index("ix_review_item_reader", "reader_id"),
        Index("ix_review_item_claim", "claim_id", unique=True),
        Index("ix_review_item_lease", "lease_until", postgresql_where=text("state = 'claimed'")),
        Index("ix_review_item_reprice", "reprice_at", postgresql_where=_UNDECIDED),
        Index("ix_review_item_reasons", "reasons", postgresql_using="gin"),
        Index("ix_review_item_search", "search", postgresql_using="gin"),
        Index("ix_review_item_decided", "site_id", "decided_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), unique=True)
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    # The comment's author.
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    state: Mapped[str] = mapped_column(String(16), default=ReviewState.OPEN.value)
    # Names of queues, the first one being where it was opened.
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    # Grows with every change a moderator should have seen before deciding.
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]

    # What the priority is made of (service/domain/priority.py), and when it next changes.
    priority: Mapped[float] = mapped_column(default=0.0)
    p_violation: Mapped[float | None]
    # A text that is hard to look at: blurred until asked for.
    severe: Mapped[bool] = mapped_column(default=False)
    severity_weight: Mapped[int] = mapped_column(default=0)
    rule_priority: Mapped[int] = mapped_column(default=0)
    floor: Mapped[int] = mapped_column(default=0)
    reprice_at: Mapped[datetime | None]

    # The clock of the strictest queue it is in.
    due_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]

    claim_id: Mapped[UUID | None]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    claimed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    skip_count: Mapped[int] = mapped_column(default=0)
    # Moderators who skipped it: they are not given it again.
    skipped_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)

    # "lead", "legal" or "second_opinion"; the first opinion is kept from the second.
    escalated_to: Mapped[str | None] = mapped_column(String(16))
    escalated_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    first_opinion: Mapped[dict[str, Any] | None]

    search: Mapped[Any] = mapped_column(TSVECTOR, nullable=True)

    @property
    def is_second_look(self) -> bool:
        """Whether nothing but a quality sample brought it up: then it is looked at blindly."""
        return self.reasons == [QA_QUEUE]
