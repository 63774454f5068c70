"""What `/readyz` and `/metrics` say about the database's side of things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.models import Comment, ReviewItem, ReviewState, ScorerHeartbeat

HEARTBEAT_FRESH = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Gauges:
    """Numbers as they are now. Ages are in seconds."""

    comments: Mapping[str, int]
    queue_depth: Mapping[str, int]
    queue_oldest: Mapping[str, float]
    pending: int
    oldest_pending: float
    scorers: Sequence[ScorerHeartbeat]


def gauges(session: Session, now: datetime) -> Gauges:
    """Counts by status and by queue, and the age of what waits longest."""
    counted = session.execute(select(Comment.status, func.count()).group_by(Comment.status))
    by_status = {row[0]: int(row[1]) for row in counted}
    oldest = session.scalar(
        select(func.min(Comment.created_at)).where(Comment.status == CommentStatus.PENDING.value)
    )
    reason = func.unnest(ReviewItem.reasons).label("reason")
    queues = session.execute(
        select(reason, func.count(), func.min(ReviewItem.opened_at))
        .where(ReviewItem.state != ReviewState.DECIDED.value)
        .group_by(reason)
    ).all()
    return Gauges(
        comments={status.value: by_status.get(status.value, 0) for status in CommentStatus},
        queue_depth={row[0]: row[1] for row in queues},
        queue_oldest={row[0]: (now - row[2]).total_seconds() for row in queues},
        pending=by_status.get(CommentStatus.PENDING.value, 0),
        oldest_pending=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        scorers=live_scorers(session, now),
    )


def live_scorers(session: Session, now: datetime) -> Sequence[ScorerHeartbeat]:
    """Scoring workers heard of within HEARTBEAT_FRESH."""
    return session.scalars(
        select(ScorerHeartbeat)
        .where(ScorerHeartbeat.seen_at > now - HEARTBEAT_FRESH)
        .order_by(ScorerHeartbeat.worker)
    ).all()
