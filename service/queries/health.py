"""What `/readyz` and `/metrics` say about the database's side of things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from service.domain.appeal import AppealState
from service.domain.report import NoticeState
from service.models import (
    Appeal,
    Article,
    Comment,
    Event,
    EventSeal,
    FetchState,
    Notice,
    ReviewItem,
    ReviewState,
    ScorerHeartbeat,
    Webhook,
    WebhookDelivery,
)
from service.queries.waiting import to_be_scored

HEARTBEAT_FRESH = timedelta(seconds=60)
# Queues are named by sites' own guideline files: as many are told apart, the fullest first.
REVIEW_QUEUES = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits and for how long, in seconds; `overdue` of it longer than was promised."""

    depth: int
    oldest: float
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Gauges:
    """Numbers as they are now. Each is one query by an index on what waits, not on what was."""

    queues: Mapping[str, Waiting]
    review_queues: Mapping[str, Waiting]
    cases: Mapping[str, Waiting]
    webhooks: Mapping[str, int]
    threads_adrift: int
    scorers: Sequence[ScorerHeartbeat]


def gauges(session: Session, now: datetime) -> Gauges:
    """Everything that waits, and who works on it."""
    return Gauges(
        queues=_queues(session, now),
        review_queues=_review_queues(session, now),
        cases=_cases(session, now),
        webhooks=_webhooks(session),
        threads_adrift=session.scalar(select(func.count()).where(Comment.adrift_since.is_not(None)))
        or 0,
        scorers=live_scorers(session, now),
    )


def live_scorers(session: Session, now: datetime) -> Sequence[ScorerHeartbeat]:
    """Scoring workers heard of within HEARTBEAT_FRESH."""
    return session.scalars(
        select(ScorerHeartbeat)
        .where(ScorerHeartbeat.seen_at > now - HEARTBEAT_FRESH)
        .order_by(ScorerHeartbeat.worker)
    ).all()


def _queues(session: Session, now: datetime) -> dict[str, Waiting]:
    """What waits for a machine."""

    def waiting(since: Any, *where: ColumnElement[bool]) -> Waiting:
        depth, oldest = session.execute(select(func.count(), func.min(since)).where(*where)).one()
        return Waiting(depth, _age(oldest, now))

    sealed = select(func.coalesce(func.max(EventSeal.event_id), 0)).scalar_subquery()
    return {
        # An edit and an author's second thought begin the wait anew; NULL counts as nothing here.
        "scoring": waiting(
            func.greatest(Comment.created_at, Comment.edited_at, Comment.nudge_until),
            to_be_scored(now),
        ),
        "article_fetch": waiting(Article.updated_at, Article.fetch_state == FetchState.WANTED),
        "article_index": waiting(
            Article.updated_at, Article.indexed_hash.is_distinct_from(Article.text_hash)
        ),
        "events": waiting(Event.created_at, Event.id > sealed),
        "webhooks": waiting(
            WebhookDelivery.due_at,
            WebhookDelivery.state == "waiting",
            WebhookDelivery.due_at <= now,
            WebhookDelivery.webhook_id.in_(
                select(Webhook.id).where(
                    Webhook.disabled_at.is_(None),
                    or_(Webhook.paused_until.is_(None), Webhook.paused_until <= now),
                )
            ),
        ),
    }


def _review_queues(session: Session, now: datetime) -> dict[str, Waiting]:
    """What waits for a moderator; an item that is in two queues counts in both."""
    reason = func.unnest(ReviewItem.reasons).label("reason")
    found = session.execute(
        select(
            reason,
            func.count(),
            func.min(ReviewItem.opened_at),
            func.count().filter(ReviewItem.due_at < now),
        )
        .where(ReviewItem.state != ReviewState.DECIDED.value)
        .group_by(reason)
        .order_by(func.count().desc(), reason)
        .limit(REVIEW_QUEUES)
    )
    return {queue: Waiting(depth, _age(since, now), due) for queue, depth, since, due in found}


def _cases(session: Session, now: datetime) -> dict[str, Waiting]:
    """What waits for an answer in a procedure of its own: notices and appeals."""

    def waiting(table: Any, state: ColumnElement[bool]) -> Waiting:
        depth, oldest, overdue = session.execute(
            select(
                func.count(), func.min(table.created_at), func.count().filter(table.due_at < now)
            ).where(state)
        ).one()
        return Waiting(depth, _age(oldest, now), overdue)

    return {
        "notice": waiting(Notice, Notice.state == NoticeState.OPEN.value),
        "appeal": waiting(Appeal, Appeal.state == AppealState.FILED.value),
    }


def _webhooks(session: Session) -> dict[str, int]:
    disabled = Webhook.disabled_at.is_not(None)
    failing = and_(Webhook.disabled_at.is_(None), Webhook.failing_since.is_not(None))
    total, off, bad = session.execute(
        select(
            func.count(), func.count().filter(disabled), func.count().filter(failing)
        ).select_from(Webhook)
    ).one()
    return {"working": total - off - bad, "failing": bad, "disabled": off}


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
