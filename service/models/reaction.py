"""A reader's reaction to a comment. The counts on the comment equal a count of these rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.reaction import KIND_MAX
from service.models.base import Base, utc_now


class Reaction(Base):
    """One reader's reaction of one kind. It stays when the comment is no longer public."""

    __tablename__ = "reaction"
    __table_args__ = (Index("ix_reaction_reader", "reader_id", "article_id"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_MAX), primary_key=True)
    # The comment's own: a reader's reactions under one article are found by index.
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
