"""Reads on the review queue: pages by priority, what may be claimed, counts and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from service.domain.errors import NotFound
from service.domain.identity import Role
from service.models import Article, Comment, ReviewItem, ReviewState

LEGAL_ROLES = frozenset({Role.LEGAL, Role.LEAD, Role.ADMIN})
LEGAL_QUEUE = "legal"
# Who is given what was escalated; a second opinion may be anybody's but the first one's.
ESCALATION_ROLES = {
    "lead": frozenset({Role.LEAD, Role.ADMIN}),
    "legal": LEGAL_ROLES,
    "second_opinion": frozenset(Role),
}
SEARCH_LANGUAGE = "simple"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What part of a site's queue is asked for; None for all."""

    site_id: UUID
    state: str | None = None
    reason: str | None = None
    article_id: UUID | None = None
    reader_id: UUID | None = None
    claimed_by: UUID | None = None
    text: str | None = None
    opened_from: datetime | None = None
    opened_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """A place in the queue: by priority, then by age."""

    priority: float
    id: UUID


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An item with its comment and the key of its article."""

    item: ReviewItem
    comment: Comment
    article_key: str


@dataclass(frozen=True, slots=True)
class QueueCount:
    """One queue now. Ages are the callers' to compute from `oldest`."""

    queue: str
    depth: int
    claimed: int
    breached: int
    oldest: datetime | None


def get_item(session: Session, item_id: UUID, *, site_id: UUID) -> ReviewItem:
    """One item of the site. Raises NotFound."""
    item = session.execute(
        select(ReviewItem).where(ReviewItem.id == item_id, ReviewItem.site_id == site_id)
    ).scalar_one_or_none()
    if item is None:
        raise NotFound("There is no review item with this id.", code="item_not_found")
    return item


def queue_page(
    session: Session,
    wanted: QueueFilter,
    *,
    now: datetime,
    after: QueuePosition | None,
    limit: int,
) -> tuple[list[QueueRow], QueuePosition | None]:
    """One page of the queue, highest priority first, then oldest; and where the next begins."""
    query = (
        select(ReviewItem, Comment, Article.key)
        .join(Comment, Comment.id == ReviewItem.comment_id)
        .join(Article, Article.id == ReviewItem.article_id)
        .options(joinedload(Comment.reader, innerjoin=True))
        .where(*_conditions(wanted, now))
    )
    if wanted.state == ReviewState.DECIDED:
        query = query.order_by(ReviewItem.decided_at.desc(), ReviewItem.id)
    else:
        query = query.order_by(ReviewItem.priority.desc(), ReviewItem.id)
    if after is not None:
        query = query.where(_behind(after))
    rows = [QueueRow(*row) for row in session.execute(query.limit(limit + 1))]
    more = len(rows) > limit
    last = rows[limit - 1].item if more else None
    return rows[:limit], QueuePosition(last.priority, last.id) if last else None


def queue_rows(session: Session, ids: Sequence[UUID], *, site_id: UUID) -> list[QueueRow]:
    """Items by their ids, in this order."""
    found = {
        row[0].id: QueueRow(*row)
        for row in session.execute(
            select(ReviewItem, Comment, Article.key)
            .join(Comment, Comment.id == ReviewItem.comment_id)
            .join(Article, Article.id == ReviewItem.article_id)
            .options(joinedload(Comment.reader, innerjoin=True))
            .where(ReviewItem.id.in_(ids), ReviewItem.site_id == site_id)
        )
    }
    return [found[one] for one in ids if one in found]


def _behind(after: QueuePosition) -> Any:
    return or_(
        ReviewItem.priority < after.priority,
        and_(ReviewItem.priority == after.priority, ReviewItem.id > after.id),
    )


def _conditions(wanted: QueueFilter, now: datetime) -> list[Any]:
    held = and_(ReviewItem.state == ReviewState.CLAIMED.value, ReviewItem.lease_until > now)
    by_state = {
        None: ReviewItem.state != ReviewState.DECIDED.value,
        "all": None,
        "claimed": held,
        # A claim whose lease has run out is open again, whether or not the sweep has been by.
        "open": and_(
            ReviewItem.state.in_([ReviewState.OPEN.value, ReviewState.CLAIMED.value]), ~held
        ),
        "escalated": ReviewItem.state == ReviewState.ESCALATED.value,
        "decided": ReviewItem.state == ReviewState.DECIDED.value,
    }
    conditions: list[Any] = [ReviewItem.site_id == wanted.site_id]
    state = by_state[wanted.state]
    if state is not None:
        conditions.append(state)
    if wanted.reason is not None:
        conditions.append(ReviewItem.reasons.contains([wanted.reason]))
    if wanted.text is not None:
        words = func.websearch_to_tsquery(SEARCH_LANGUAGE, wanted.text)
        conditions.append(ReviewItem.search.bool_op("@@")(words))
    pairs = (
        (ReviewItem.article_id, wanted.article_id),
        (ReviewItem.reader_id, wanted.reader_id),
        (ReviewItem.claimed_by, wanted.claimed_by),
    )
    conditions += [column == value for column, value in pairs if value is not None]
    if wanted.opened_from is not None:
        conditions.append(ReviewItem.opened_at >= wanted.opened_from)
    if wanted.opened_to is not None:
        conditions.append(ReviewItem.opened_at < wanted.opened_to)
    return conditions


def claimable(
    wanted: QueueFilter,
    *,
    moderator_id: UUID,
    role: Role,
    opted_out: Sequence[str],
    now: datetime,
) -> Select[ReviewItem]:
    """Items this moderator may be given now, without order.

    1. Open, or claimed with a lease that has run out; escalated ones to those they went to.
    2. Not what the moderator skipped, decided before (appeals, second looks) or opted out of.
    3. What is there only for a legal notice goes to those who may answer notices.
    """
    reachable = [name for name, roles in ESCALATION_ROLES.items() if role in roles]
    free = or_(
        ReviewItem.state.in_([ReviewState.OPEN.value, ReviewState.ESCALATED.value]),
        and_(ReviewItem.state == ReviewState.CLAIMED.value, ReviewItem.lease_until <= now),
    )
    query = select(ReviewItem).where(
        *_conditions(wanted, now),
        free,
        or_(ReviewItem.escalated_to.is_(None), ReviewItem.escalated_to.in_(reachable)),
        ~ReviewItem.skipped_by.contains([moderator_id]),
    )
    if opted_out:
        query = query.where(~ReviewItem.reasons.overlap(list(opted_out)))
    if role not in LEGAL_ROLES:
        query = query.where(~ReviewItem.reasons.contained_by([LEGAL_QUEUE]))
    return query


def queue_counts(session: Session, *, site_id: UUID, now: datetime) -> list[QueueCount]:
    """Each queue with something in it: how many, how many claimed or late, and the oldest."""
    reason = func.unnest(ReviewItem.reasons).label("reason")
    held = and_(ReviewItem.state == ReviewState.CLAIMED.value, ReviewItem.lease_until > now)
    rows = session.execute(
        select(
            reason,
            func.count(),
            func.count().filter(held),
            func.count().filter(ReviewItem.due_at <= now),
            func.min(ReviewItem.opened_at),
        )
        .where(ReviewItem.site_id == site_id, ReviewItem.state != ReviewState.DECIDED.value)
        .group_by(reason)
        .order_by(reason)
    )
    return [QueueCount(*row) for row in rows]
