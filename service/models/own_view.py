"""What one reader chose for the own view alone; public pages are the same for everybody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, utc_now


class Mute(Base):
    """`reader_id` wants to see nothing of `muted_id`, who is not told."""

    __tablename__ = "mute"

    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    muted_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Promotion(Base):
    """`reader_id` wants to see more of `promoted_id`."""

    __tablename__ = "promotion"

    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    promoted_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class HiddenComment(Base):
    """`reader_id` wants this one comment out of sight."""

    __tablename__ = "hidden_comment"

    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    # The comment's own, so that the view of one article reads this table alone.
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
