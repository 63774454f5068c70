"""Repair what was lost on the way: whatever a vanished Redis or worker forgot is sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.models import Article, Comment, FetchState, IdempotencyKey
from service.queries.waiting import to_be_scored
from service.usecases.context import Context

BATCH = 200
ARTICLE_RESEND_AFTER = timedelta(seconds=30)
IDEMPOTENCY_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    nudged: bool
    rescored: int
    articles: int
    keys_dropped: int


def sweep(ctx: Context) -> Swept:
    """One round of repairs. Safe at any time, by several workers at once.

    1. Comments held for want of a score, and due, go back to pending.
    2. If any comment waits, scoring is nudged.
    3. Articles whose text or passages are still missing are sent again.
    4. Idempotency keys older than a day are dropped.
    """
    now = ctx.clock()
    rescored = _retry_unscored(ctx, now)
    with ctx.reading() as session:
        waiting = bool(session.scalar(select(exists().where(to_be_scored(now)))))
        wanted = _articles(session, Article.fetch_state == FetchState.WANTED, now)
        unindexed = _articles(
            session,
            Article.text_hash.is_not(None)
            & Article.indexed_hash.is_distinct_from(Article.text_hash),
            now,
        )
    nudged = waiting and ctx.queue.nudge_scoring()
    for article_id in wanted:
        ctx.queue.send("fetch_article", article_id)
    for article_id in unindexed:
        ctx.queue.send("index_article", article_id)
    return Swept(nudged, rescored, len(wanted) + len(unindexed), _drop_keys(ctx, now))


def _retry_unscored(ctx: Context, now: datetime) -> int:
    with ctx.transaction() as tx:
        due = tx.session.scalars(
            select(Comment)
            .where(Comment.retry_at <= now, Comment.status == CommentStatus.HELD.value)
            .order_by(Comment.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True, key_share=True)
        ).all()
        for comment in due:
            comment.retry_at, comment.lease_until, comment.attempts = None, None, 0
            tx.session.add(
                comment.move_to(
                    CommentStatus.PENDING, kind="comment.rescored", actor="machine", now=now
                )
            )
    for comment in due:
        ctx.metrics.record_comment(comment.status)
    return len(due)


def _articles(session: Session, condition: object, now: datetime) -> list[str]:
    rows = session.scalars(
        select(Article.id)
        .where(condition, Article.updated_at < now - ARTICLE_RESEND_AFTER)  # type: ignore[arg-type]
        .limit(BATCH)
    )
    return [str(article_id) for article_id in rows]


def _drop_keys(ctx: Context, now: datetime) -> int:
    with ctx.transaction() as tx:
        result = tx.session.execute(
            delete(IdempotencyKey).where(IdempotencyKey.created_at < now - IDEMPOTENCY_KEPT)
        )
    return int(result.rowcount)  # type: ignore[attr-defined]
