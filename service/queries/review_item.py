"""Everything a moderator needs to decide on one item, in a handful of indexed reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from service.domain.guideline import DRIFT_QUEUE
from service.models import (
    Article,
    Comment,
    CommentRevision,
    Decision,
    Notice,
    Reader,
    ReaderNote,
    ReviewItem,
    Sanction,
    Score,
)
from service.queries.reports import ReportSeen, reports_on
from service.queries.thread_drift import Moment, departure

# How much of a thread is shown around the comment.
ANCESTORS_MAX = 10
SIBLINGS_MAX = 5
HISTORY_SHOWN = 10
RECORD_WINDOW = timedelta(days=30)
DECIDED = ("published", "rejected", "removed", "hidden")
REFUSED = ("rejected", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadAround:
    """The comment's place: what it answers, oldest first, and what answers it."""

    ancestors: Sequence[Comment]
    replies: Sequence[Comment]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorHistory:
    """The author's record. `rejected_rate_30d` is a share (0–1)."""

    counts: Mapping[str, int]
    rejected_rate_30d: float
    recent: Sequence[Comment]
    sanctions: Sequence[Sanction]
    notes: Sequence[ReaderNote]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item with all around it."""

    item: ReviewItem
    comment: Comment
    author: Reader
    article: Article
    revisions: Sequence[CommentRevision]
    thread: ThreadAround
    scores: Sequence[Score]
    decisions: Sequence[Decision]
    nearest_passage: Mapping[str, Any] | None
    reports: Sequence[ReportSeen]
    notices: Sequence[Notice]
    history: AuthorHistory
    departure: tuple[Moment, Sequence[Comment]] | None = None


def item_view(session: Session, item: ReviewItem, *, now: datetime) -> ItemView:
    """The item with comment, thread, article, scores, decisions, reports and author's record."""
    comment, author, article = session.execute(
        select(Comment, Reader, Article)
        .join(Reader, Reader.id == Comment.reader_id)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id == item.comment_id)
        .options(joinedload(Comment.reader, innerjoin=True))
    ).one()
    scores = _scores(session, comment)
    return ItemView(
        item=item,
        comment=comment,
        author=author,
        article=article,
        revisions=_all(session, CommentRevision, comment.id, CommentRevision.revision),
        thread=_thread(session, comment),
        scores=scores,
        decisions=_all(session, Decision, comment.id, Decision.id),
        nearest_passage=_nearest(scores),
        reports=reports_on(session, comment.id, now=now),
        notices=_all(session, Notice, comment.id, Notice.id),
        history=author_history(session, author.id, now=now),
        departure=departure(session, comment) if DRIFT_QUEUE in item.reasons else None,
    )


def author_history(session: Session, reader_id: UUID, *, now: datetime) -> AuthorHistory:
    """What the author's comments came to, the last of them, sanctions and notes."""
    lately = func.count().filter(Comment.created_at > now - RECORD_WINDOW)
    rows = session.execute(
        select(Comment.status, func.count(), lately)
        .where(Comment.reader_id == reader_id)
        .group_by(Comment.status)
    ).all()
    counts = {status: int(count) for status, count, _ in rows}
    decided = sum(recent for status, _, recent in rows if status in DECIDED)
    refused = sum(recent for status, _, recent in rows if status in REFUSED)
    recent = session.scalars(
        select(Comment)
        .where(Comment.reader_id == reader_id)
        .order_by(Comment.id.desc())
        .limit(HISTORY_SHOWN)
    ).all()
    return AuthorHistory(
        counts=counts,
        rejected_rate_30d=refused / decided if decided else 0.0,
        recent=recent,
        sanctions=_newest(session, Sanction, reader_id),
        notes=_newest(session, ReaderNote, reader_id),
    )


def _newest(session: Session, table: Any, reader_id: UUID) -> Sequence[Any]:
    return session.scalars(
        select(table)
        .where(table.reader_id == reader_id)
        .order_by(table.id.desc())
        .limit(HISTORY_SHOWN)
    ).all()


def _all(session: Session, table: Any, comment_id: UUID, order: Any) -> Sequence[Any]:
    return session.scalars(
        select(table).where(table.comment_id == comment_id).order_by(order)
    ).all()


def _scores(session: Session, comment: Comment) -> Sequence[Score]:
    return session.scalars(
        select(Score)
        .where(Score.comment_id == comment.id, Score.revision == comment.revision)
        .order_by(Score.id)
    ).all()


def _thread(session: Session, comment: Comment) -> ThreadAround:
    shown = joinedload(Comment.reader, innerjoin=True)
    replies = session.scalars(
        select(Comment)
        .where(Comment.parent_id == comment.id)
        .order_by(Comment.id)
        .limit(SIBLINGS_MAX)
        .options(shown)
    ).all()
    if comment.parent_id is None:
        return ThreadAround(ancestors=(), replies=replies)
    up = (
        select(Comment.id, Comment.parent_id)
        .where(Comment.id == comment.parent_id)
        .cte("up", recursive=True)
    )
    up = up.union_all(select(Comment.id, Comment.parent_id).join(up, Comment.id == up.c.parent_id))
    ancestors = session.scalars(
        select(Comment)
        .where(Comment.id.in_(select(up.c.id)))
        .order_by(Comment.depth)
        .limit(ANCESTORS_MAX)
        .options(shown)
    ).all()
    return ThreadAround(ancestors=ancestors, replies=replies)


def _nearest(scores: Sequence[Score]) -> Mapping[str, Any] | None:
    """What of the article the comment is closest to, as the relevance score noted it."""
    return next((s.evidence for s in scores if s.task == "relevance" and s.evidence), None)
