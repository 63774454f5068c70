"""Reads on articles: by key or address, counts, passages."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from service.domain.errors import NotFound
from service.domain.scoring import ArticleVectors
from service.models import Article, Passage
from service.models.article import TITLE_POSITION


def get_article(session: Session, *, site_id: UUID, key: str) -> Article:
    """The article by the publisher's key, without its long text. Raises NotFound."""
    article = session.execute(
        select(Article)
        .options(defer(Article.body, raiseload=True))
        .where(Article.site_id == site_id, Article.key == key)
    ).scalar_one_or_none()
    if article is None:
        raise NotFound("There is no article with this key.", code="article_not_found")
    return article


def comment_counts(session: Session, *, site_id: UUID, urls: Sequence[str]) -> dict[str, int]:
    """Published comments by article address; an address nobody registered has none."""
    rows = session.execute(
        select(Article.url, Article.published_count).where(
            Article.site_id == site_id, Article.url.in_(urls)
        )
    )
    counts = dict.fromkeys(urls, 0)
    for url, count in rows:
        counts[url or ""] += count
    return counts


def article_vectors(session: Session, article_id: UUID) -> ArticleVectors | None:
    """Title and passages with their embeddings, or None while there are none."""
    rows = session.execute(
        select(Passage.position, Passage.text, Passage.embedding)
        .where(Passage.article_id == article_id)
        .order_by(Passage.position)
    ).all()
    if not rows:
        return None
    title = next((row.embedding for row in rows if row.position == TITLE_POSITION), None)
    passages = [row for row in rows if row.position != TITLE_POSITION]
    return ArticleVectors(
        title=title,
        passages=[row.embedding for row in passages],
        passage_texts=[row.text for row in passages],
    )


def article_key_of(session: Session, article_id: UUID) -> str:
    """The publisher's key of an article."""
    return session.execute(select(Article.key).where(Article.id == article_id)).scalar_one()
