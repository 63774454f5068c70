"""Reads of the live process: what an article and its comments are now, what happened of late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from service.domain.errors import NotFound
from service.domain.live_update import (
    ARTICLE_KINDS,
    PUBLISHED,
    SEEN_KINDS,
    Change,
    change_of,
)
from service.models import Article, Comment, Event, Site


@dataclass(frozen=True, slots=True)
class ArticleNow:
    """What an open page shows of its article; that it drifts only where the site says so."""

    site_id: UUID
    comment_count: int
    mode: str
    drifting: bool


@dataclass(frozen=True, slots=True)
class CommentNow:
    """Where a comment stands and whether it is public; never its text."""

    id: UUID
    article_id: UUID
    thread_id: UUID
    parent_id: UUID | None
    status: str
    edited_since: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of an article; without `change` readers saw nothing of it.

    Without `comment_id` it is about the article itself.
    """

    event_id: int
    at: datetime
    comment_id: UUID | None
    change: Change | None


def find_article(session: Session, *, site_key: str, key: str) -> UUID:
    """The article's id. Raises NotFound, for the site or for the article."""
    found = session.execute(
        select(Site.id, Article.id.label("article_id"))
        .outerjoin(Article, and_(Article.site_id == Site.id, Article.key == key))
        .where(Site.key == site_key)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no site by this name.", code="site_not_found")
    if found.article_id is None:
        raise NotFound("There is no article with this key.", code="article_not_found")
    article_id: UUID = found.article_id
    return article_id


def articles_now(session: Session, ids: Collection[UUID]) -> dict[UUID, ArticleNow]:
    """The articles' states by id."""
    rows = session.execute(
        select(
            Article.id,
            Article.site_id,
            Article.published_count,
            Article.mode,
            Article.drifting_since,
        ).where(Article.id.in_(ids))
    )
    return {
        row.id: ArticleNow(
            site_id=row.site_id,
            comment_count=row.published_count,
            mode=row.mode,
            drifting=row.drifting_since is not None,
        )
        for row in rows
    }


def comments_now(session: Session, ids: Collection[UUID]) -> dict[UUID, CommentNow]:
    """The comments' places and states by id."""
    rows = session.execute(
        select(
            Comment.id,
            Comment.article_id,
            Comment.root_id,
            Comment.parent_id,
            Comment.status,
            Comment.edited_at,
            Comment.published_at,
        ).where(Comment.id.in_(ids))
    )
    return {
        row.id: CommentNow(
            id=row.id,
            article_id=row.article_id,
            thread_id=row.root_id,
            parent_id=row.parent_id,
            status=row.status,
            edited_since=row.edited_at is not None
            and row.published_at is not None
            and row.edited_at > row.published_at,
        )
        for row in rows
    }


def latest_happened(session: Session, article_id: UUID, *, limit: int) -> Sequence[Happened]:
    """The newest events of an article that readers may have seen, newest first."""
    moved = and_(
        Event.from_status.is_not(None),
        or_(Event.from_status == PUBLISHED, Event.to_status == PUBLISHED),
    )
    rows = session.execute(
        select(
            Event.id,
            Event.kind,
            Event.created_at,
            Event.comment_id,
            Event.from_status,
            Event.to_status,
            Event.data["action"].astext.label("action"),
        )
        .where(
            Event.article_id == article_id,
            or_(moved, Event.kind.in_(sorted(SEEN_KINDS | ARTICLE_KINDS))),
        )
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [
        Happened(row.id, row.created_at, None, Change.CHANGED)
        if row.comment_id is None or row.kind in ARTICLE_KINDS
        else Happened(
            row.id,
            row.created_at,
            row.comment_id,
            change_of(row.kind, row.from_status, row.to_status, row.action),
        )
        for row in rows
    ]
