"""An article readers comment on, and the passages of its text with their embeddings."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.article import ArticleMode
from service.domain.scoring import EMBEDDING_SIZE
from service.models.base import Base, new_id, utc_now

TITLE_POSITION = 0


class FetchState(StrEnum):
    """Where the article's text comes from, or how far getting it has come."""

    GIVEN = "given"
    WANTED = "wanted"
    FETCHED = "fetched"
    FAILED = "failed"


class Article(Base):
    """An article, addressed by the publisher's own key inside its site."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("site_id", "key"),
        CheckConstraint("published_count >= 0", "published_count"),
        Index("ix_article_site_url", "site_id", "url"),
        Index("ix_article_site_section", "site_id", "section"),
        Index(
            "ix_article_unindexed",
            "updated_at",
            postgresql_where="indexed_hash IS DISTINCT FROM text_hash",
        ),
        Index("ix_article_fetch_wanted", "updated_at", postgresql_where="fetch_state = 'wanted'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    key: Mapped[str] = mapped_column(String(200))
    url: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    section: Mapped[str | None] = mapped_column(String(80))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    published_at: Mapped[datetime | None]
    mode: Mapped[str] = mapped_column(String(16), default=ArticleMode.OPEN.value)
    closes_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)

    fetch_state: Mapped[str] = mapped_column(String(16), default=FetchState.GIVEN.value)
    fetch_error: Mapped[str | None] = mapped_column(String(80))
    fetch_attempts: Mapped[int] = mapped_column(default=0)
    # The hash of the text the stored passages were made from; None until there are passages.
    text_hash: Mapped[str | None] = mapped_column(String(64))
    indexed_hash: Mapped[str | None] = mapped_column(String(64))
    indexed_at: Mapped[datetime | None]
    # The encoder that the stored vectors are from.
    indexed_by: Mapped[str | None] = mapped_column(String(64))

    published_count: Mapped[int] = mapped_column(default=0)
    # Since when most of its conversation is in threads that have left it; None: it is not.
    drifting_since: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        """Whether comments are taken at `now`."""
        return self.mode != ArticleMode.CLOSED and (self.closes_at is None or now < self.closes_at)

    def set_text(self, title: str | None, body: str | None) -> None:
        """Replace title and body; passages made from another text no longer count."""
        self.title, self.body = title, body
        text = "\x1f".join((title or "", body or ""))
        has_text = bool((title or "").strip() or (body or "").strip())
        self.text_hash = hashlib.sha256(text.encode()).hexdigest() if has_text else None

    @property
    def is_indexed(self) -> bool:
        """Whether there are passages and they are those of the present text."""
        return self.text_hash is not None and self.indexed_hash == self.text_hash

    @property
    def awaits_text(self) -> bool:
        """Whether a text, or its passages, are still on their way."""
        return self.fetch_state == FetchState.WANTED or self.indexed_hash != self.text_hash


class Passage(Base):
    """A piece of an article's text with its embedding; position 0 is the title."""

    __tablename__ = "passage"

    article_id: Mapped[UUID] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    embedding: Mapped[Any] = mapped_column(Vector(EMBEDDING_SIZE))
