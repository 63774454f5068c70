"""What the rules see besides scores: author, article and velocity, for many comments at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from service.domain.comment import CommentStatus
from service.domain.fingerprint import is_near_repeat
from service.domain.signals import author_trust
from service.models import Article, Comment, Reader, Standing

RECORD_WINDOW = timedelta(days=30)
DUPLICATE_WINDOW = timedelta(hours=24)
# Enough to pass any sensible threshold; a flood of copies must not cost more than this.
DUPLICATES_COUNTED = 20
DECIDED = ("published", "rejected", "removed", "hidden")
REFUSED = ("rejected", "removed")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything about a comment's place that its text does not say."""

    author: Mapping[str, Any]
    article: Mapping[str, Any]
    velocity: Mapping[str, int]
    near_duplicates: int


def surroundings(
    session: Session, comments: Sequence[Comment], now: datetime
) -> dict[UUID, Surroundings]:
    """The surroundings of each comment, by comment id."""
    readers = _by_id(session, Reader, {c.reader_id for c in comments})
    articles = _by_id(session, Article, {c.article_id for c in comments})
    records = _records(session, list(readers), now)
    return {
        comment.id: Surroundings(
            author=_author(readers[comment.reader_id], records, now),
            article=_article(articles[comment.article_id], now),
            velocity=_velocity(session, comment),
            near_duplicates=_near_duplicates(session, comment),
        )
        for comment in comments
    }


def _by_id(session: Session, table: type[Any], ids: set[UUID]) -> dict[UUID, Any]:
    query = select(table).where(table.id.in_(ids))
    if table is Article:
        query = query.options(defer(Article.body, raiseload=True))
    return {row.id: row for row in session.scalars(query)}


def _records(
    session: Session, reader_ids: Sequence[UUID], now: datetime
) -> dict[UUID, tuple[int, int]]:
    """Per reader: decided and refused comments of the last 30 days."""
    rows = session.execute(
        select(
            Comment.reader_id,
            func.count(),
            func.count().filter(Comment.status.in_(REFUSED)),
        )
        .where(
            Comment.reader_id.in_(reader_ids),
            Comment.created_at > now - RECORD_WINDOW,
            Comment.status.in_(DECIDED),
        )
        .group_by(Comment.reader_id)
    )
    return {reader_id: (decided, refused) for reader_id, decided, refused in rows}


def _author(
    reader: Reader, records: Mapping[UUID, tuple[int, int]], now: datetime
) -> dict[str, Any]:
    decided, refused = records.get(reader.id, (0, 0))
    rate = refused / decided if decided else 0.0
    return {
        "approved_count": reader.approved_count,
        "rejected_rate_30d": rate,
        "account_age_days": max(0, (now - reader.created_at).days),
        "strikes": reader.strikes,
        "is_staff": reader.is_staff,
        "trust": author_trust(
            premoderated=reader.standing == Standing.PREMODERATED,
            approved_count=reader.approved_count,
            rejected_rate_30d=rate,
        ),
    }


def _article(article: Article, now: datetime) -> dict[str, Any]:
    since = article.published_at or article.created_at
    return {
        "mode": article.mode,
        "section": article.section,
        "tags": list(article.tags),
        "age_hours": max(0, int((now - since) / timedelta(hours=1))),
    }


def _velocity(session: Session, comment: Comment) -> dict[str, int]:
    """Comments up to and including this one, in the minute and the hour before it was posted."""

    def count(column: Any, value: UUID, window: timedelta) -> Any:
        return (
            select(func.count())
            .where(
                column == value,
                Comment.created_at > comment.created_at - window,
                Comment.created_at <= comment.created_at,
            )
            .scalar_subquery()
        )

    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    row = session.execute(
        select(
            count(Comment.reader_id, comment.reader_id, minute).label("author_1m"),
            count(Comment.reader_id, comment.reader_id, hour).label("author_1h"),
            count(Comment.article_id, comment.article_id, minute).label("article_1m"),
        )
    ).one()
    return dict(row._mapping)


def _near_duplicates(session: Session, comment: Comment) -> int:
    """Earlier comments on this site, within a day, that say nearly the same."""
    same = Comment.fingerprint == comment.fingerprint
    alike = Comment.bands.overlap(comment.bands) if comment.bands else same
    rows = session.execute(
        select(Comment.body, Comment.fingerprint)
        .where(
            Comment.site_id == comment.site_id,
            Comment.created_at > comment.created_at - DUPLICATE_WINDOW,
            Comment.created_at <= comment.created_at,
            Comment.id != comment.id,
            Comment.status != CommentStatus.ERASED.value,
            alike,
        )
        .limit(DUPLICATES_COUNTED)
    )
    return sum(
        row.fingerprint == comment.fingerprint or is_near_repeat(row.body, comment.body)
        for row in rows
    )
