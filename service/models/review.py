"""One place in the moderators' queue per comment, with every reason it is there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, new_id, utc_now


class ReviewState(StrEnum):
    """How far a review item has come."""

    OPEN = "open"
    CLAIMED = "claimed"
    ESCALATED = "escalated"
    DECIDED = "decided"


class ReviewItem(Base):
    """A comment that needs a person."""

    __tablename__ = "review_item"
    __table_args__ = (
        Index(
            "ix_review_item_queue",
            "site_id",
            "priority",
            "opened_at",
            postgresql_where=text("state <> 'decided'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=ReviewState.OPEN.value)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    priority: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]
