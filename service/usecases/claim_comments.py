"""A worker takes a batch of pending comments under a lease: nobody else scores them meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.domain.scoring import ArticleVectors, ScoreInput
from service.models import Article, Comment, FetchState
from service.queries.articles import article_vectors
from service.queries.waiting import to_be_scored
from service.usecases.context import Context

PARENTS_COMPARED = 3


@dataclass(frozen=True, slots=True)
class Claimed:
    """A comment to be scored. `tried_too_often`: the scorers failed on it before."""

    comment_id: UUID
    revision: int
    input: ScoreInput
    tried_too_often: bool


def claim_comments(ctx: Context) -> list[Claimed]:
    """Take up to a batch of pending comments, oldest first, and set their lease.

    A comment whose article is still being fetched or indexed waits for it, at most
    `limits.article_wait` seconds. One whose lease ended is taken again; after
    `limits.scoring_attempts` tries it is marked `tried_too_often`.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        comments = _lock_pending(tx.session, ctx, now)
        for comment in comments:
            comment.lease_until = now + timedelta(seconds=ctx.limits.scoring_lease)
            comment.attempts += 1
    with ctx.reading() as session:
        return _with_inputs(session, comments, ctx.limits.scoring_attempts)


def _lock_pending(session: Session, ctx: Context, now: datetime) -> Sequence[Comment]:
    text_is_there = (Article.fetch_state != FetchState.WANTED.value) & (
        Article.indexed_hash.is_not_distinct_from(Article.text_hash)
    )
    waited_long_enough = Comment.created_at <= now - timedelta(seconds=ctx.limits.article_wait)
    return session.scalars(
        select(Comment)
        .join(Article, Article.id == Comment.article_id)
        .where(
            to_be_scored(now),
            or_(Comment.lease_until.is_(None), Comment.lease_until < now),
            or_(text_is_there, waited_long_enough),
        )
        .order_by(Comment.id)
        .limit(ctx.limits.scoring_batch_size)
        .with_for_update(of=Comment, skip_locked=True, key_share=True)
    ).all()


def _with_inputs(session: Session, comments: Sequence[Comment], attempts: int) -> list[Claimed]:
    vectors: dict[UUID, ArticleVectors | None] = {}
    for article_id in {comment.article_id for comment in comments}:
        vectors[article_id] = article_vectors(session, article_id)
    return [
        Claimed(
            comment_id=comment.id,
            revision=comment.revision,
            input=ScoreInput(
                text=comment.body,
                article=vectors[comment.article_id],
                parents=_parents(session, comment),
            ),
            tried_too_often=comment.attempts > attempts,
        )
        for comment in comments
    ]


def _parents(session: Session, comment: Comment) -> tuple[str, ...]:
    """Texts of the nearest comments it answers, nearest first."""
    texts: list[str] = []
    parent_id = comment.parent_id
    while parent_id is not None and len(texts) < PARENTS_COMPARED:
        row = session.execute(
            select(Comment.body, Comment.parent_id).where(Comment.id == parent_id)
        ).one()
        texts.append(row.body)
        parent_id = row.parent_id
    return tuple(texts)
