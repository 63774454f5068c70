"""Keep the review queue in step with the clock: priorities, breaches, dead claims, samples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.guideline import PREMODERATION_QUEUE
from service.models import Comment, Event, QaSample, ReviewItem, ReviewState
from service.usecases.claim_items import free_dead_claims
from service.usecases.context import Context
from service.usecases.draw_sample import OPEN, open_sample
from service.usecases.lock_comment import lock_comments
from service.usecases.open_review import find_review, open_review, reprice

BATCH = 500


@dataclass(frozen=True, slots=True)
class ReviewsSwept:
    """What one round did."""

    repriced: int
    breached: int
    freed: int
    samples: int
    edits_over: int


def sweep_reviews(ctx: Context) -> ReviewsSwept:
    """One round; safe at any time and by several workers at once.

    1. Claims whose lease has run out end. 2. Items whose priority time has changed are priced
    anew; one that is past its due time is marked once, with an event.
    3. Decisions drawn for a second look come before somebody.
    4. A comment whose author was asked to change it, and did not, comes back.
    """
    now = ctx.clock()
    freed = _free_claims(ctx, now)
    repriced, breached = _reprice(ctx, now)
    return ReviewsSwept(repriced, breached, freed, _open_samples(ctx, now), _edits_over(ctx, now))


def _free_claims(ctx: Context, now: datetime) -> int:
    with ctx.transaction() as tx:
        dead = tx.session.scalars(
            select(ReviewItem)
            .where(ReviewItem.state == ReviewState.CLAIMED.value, ReviewItem.lease_until <= now)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        free_dead_claims(tx.session, dead, now)
    for _ in dead:
        ctx.metrics.record_claim("expired")
    return len(dead)


def _reprice(ctx: Context, now: datetime) -> tuple[int, int]:
    late: list[ReviewItem] = []
    with ctx.transaction() as tx:
        due = tx.session.execute(
            select(ReviewItem, Comment.status)
            .join(Comment, Comment.id == ReviewItem.comment_id)
            .where(
                ReviewItem.state != ReviewState.DECIDED.value,
                ReviewItem.reprice_at <= now,
            )
            .order_by(ReviewItem.reprice_at)
            .limit(BATCH)
            .with_for_update(of=ReviewItem, skip_locked=True)
        ).all()
        for item, status in due:
            if item.breached_at is None and item.due_at is not None and item.due_at <= now:
                item.breached_at = now
                late.append(item)
                tx.session.add(_breach(item, now))
            visible = status == CommentStatus.PUBLISHED
            reprice(item, ctx.policy(item.site_id), visible=visible, now=now)
    for item in late:
        ctx.metrics.record_sla_breach(item.reasons[0] if item.reasons else "none")
    return len(due), len(late)


def _breach(item: ReviewItem, now: datetime) -> Event:
    return Event(
        site_id=item.site_id,
        kind="sla.breached",
        comment_id=item.comment_id,
        article_id=item.article_id,
        actor="machine",
        data={"item": str(item.id), "queues": list(item.reasons)},
        created_at=now,
    )


def _open_samples(ctx: Context, now: datetime) -> int:
    with ctx.transaction() as tx:
        session = tx.session
        waiting = session.scalars(
            select(QaSample)
            .where(QaSample.state == OPEN, QaSample.opened_at.is_(None), QaSample.open_from <= now)
            .order_by(QaSample.id)
            .limit(BATCH)
        ).all()
        comments = {c.id: c for c in lock_comments(session, [s.comment_id for s in waiting])}
        opened = 0
        for sample in waiting:
            opened += _open_one(session, sample, comments[sample.comment_id], ctx, now)
    return opened


def _open_one(
    session: Session, sample: QaSample, comment: Comment, ctx: Context, now: datetime
) -> bool:
    """Not while the comment is in the queue for another reason: the look would not be blind."""
    session.refresh(sample, with_for_update=True)
    if sample.opened_at is not None:
        return False
    item = find_review(session, comment)
    if item is not None and item.state != ReviewState.DECIDED:
        return False
    sample.opened_at = now
    policy = ctx.policy(comment.site_id)
    return open_sample(session, sample=sample, comment=comment, policy=policy, now=now) is not None


def _edits_over(ctx: Context, now: datetime) -> int:
    with ctx.transaction() as tx:
        ids = tx.session.scalars(
            select(Comment.id).where(Comment.edit_until <= now).order_by(Comment.id).limit(BATCH)
        ).all()
        for comment in lock_comments(tx.session, ids):
            comment.edit_until = None
            if comment.status == CommentStatus.HELD:
                policy = ctx.policy(comment.site_id)
                open_review(tx.session, comment, PREMODERATION_QUEUE, policy=policy, now=now)
    return len(ids)
