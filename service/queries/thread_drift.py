"""Reads on drift: a thread's course comment by comment, when it left, an article's threads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from service.domain.article_drift import RECENT_COMMENTS, RecentTalk
from service.domain.drift import ThreadDrift
from service.models import Article, Comment, Event

LEFT, RETURNED = "thread.drifted", "thread.returned"
ARTICLE_LEFT, ARTICLE_RETURNED = "article.drifting", "article.returned"
# The latest of each: what came before is history, and in the log.
MOMENTS_MAX = 20
DEPARTURE_SHOWN = 10
FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Point:
    """One comment of a thread: its turn, its relevance (0–1) and the drift (0–1) with it."""

    comment_id: UUID
    index: int
    at: datetime
    relevance: float | None
    drift: float


@dataclass(frozen=True, slots=True)
class Moment:
    """The comment with which a thread left or came back, and when that was noticed."""

    change: str
    comment_id: UUID
    index: int
    at: datetime | None
    noticed_at: datetime


def article_threads(
    article_id: UUID, *, after: UUID | None, away: bool, limit: int
) -> Select[Comment]:
    """An article's threads, newest first; with `away` only those that have left it now.

    Named by two bounds, not by equality: with equality the planner may walk the primary key
    through everybody else's comments (service/queries/thread_order.py).
    """
    place = tuple_(Comment.article_id, Comment.id)
    query = (
        select(Comment)
        .where(
            place >= tuple_(article_id, FIRST_ID),
            place < tuple_(article_id, after or LAST_ID),
            Comment.parent_id.is_(None),
        )
        .order_by(Comment.article_id.desc(), Comment.id.desc())
        .limit(limit)
    )
    return query.where(Comment.adrift_since.is_not(None)) if away else query


def points(
    session: Session, roots: Sequence[UUID], *, before: int | None = None, limit: int
) -> dict[UUID, list[Point]]:
    """The last `limit` points of each thread, in order; with `before` those before that turn.

    What is stored is what the rules saw. A top-level comment keeps its thread's latest value, so
    its own is reckoned again from its relevance.
    """
    if not roots:
        return {}
    root = select(func.unnest(list(roots)).label("id")).subquery()
    last = select(Comment).where(Comment.root_id == root.c.id, Comment.drift_index.is_not(None))
    if before is not None:
        last = last.where(Comment.drift_index < before)
    latest = last.order_by(Comment.drift_index.desc()).limit(limit).lateral()
    one = aliased(Comment, latest)
    rows = session.execute(
        select(
            one.root_id, one.id, one.drift_index, one.created_at, one.relevance, one.drift
        ).select_from(root.join(latest, latest.c.root_id == root.c.id))
    )
    found: dict[UUID, list[Point]] = defaultdict(list)
    for root_id, comment_id, index, at, relevance, drift in rows:
        value = ThreadDrift().after(relevance).value if index == 0 else drift or 0.0
        found[root_id].append(Point(comment_id, index or 0, at, relevance, value))
    return {thread: sorted(seen, key=lambda p: p.index) for thread, seen in found.items()}


def moments(session: Session, roots: Sequence[UUID]) -> dict[UUID, list[Moment]]:
    """When each thread left and came back, oldest first, the last MOMENTS_MAX of each."""
    rows = session.execute(
        select(Event.comment_id, Event.kind, Event.data, Event.created_at)
        .where(Event.comment_id.in_(roots), Event.kind.in_((LEFT, RETURNED)))
        .order_by(Event.id)
    ).all()
    said_at = _times(session, [UUID(row.data["comment"]) for row in rows])
    found: dict[UUID, list[Moment]] = defaultdict(list)
    for root_id, kind, data, noticed_at in rows:
        where = UUID(data["comment"])
        change = "left" if kind == LEFT else "returned"
        found[root_id].append(Moment(change, where, data["index"], said_at.get(where), noticed_at))
    return {thread: seen[-MOMENTS_MAX:] for thread, seen in found.items()}


def article_moments(session: Session, article_id: UUID) -> list[Mapping[str, Any]]:
    """When the article began and ceased to drift, oldest first, the last MOMENTS_MAX."""
    rows = session.execute(
        select(Event.kind, Event.created_at, Event.data)
        .where(Event.article_id == article_id, Event.kind.in_((ARTICLE_LEFT, ARTICLE_RETURNED)))
        .order_by(Event.id.desc())
        .limit(MOMENTS_MAX)
    ).all()
    return [
        {"drifting": kind == ARTICLE_LEFT, "at": at, **data} for kind, at, data in reversed(rows)
    ]


def recent_talk(session: Session, article_id: UUID) -> RecentTalk:
    """Where the article's last comments were said."""
    recent = (
        select(Comment.root_id, Comment.drift_index)
        .where(Comment.article_id == article_id, Comment.drift_index.is_not(None))
        .order_by(Comment.created_at.desc())
        .limit(RECENT_COMMENTS)
        .subquery()
    )
    top = aliased(Comment)
    away = top.adrift_since.is_not(None)
    since = away & (recent.c.drift_index >= top.drift_state["left_at"].as_integer())
    thread = func.distinct(recent.c.root_id)
    row = session.execute(
        select(
            func.count(),
            func.count().filter(since),
            func.count(thread),
            func.count(thread).filter(away),
        ).select_from(recent.join(top, top.id == recent.c.root_id))
    ).one()
    return RecentTalk(*row)


def drifting_articles(
    session: Session, *, site_id: UUID, start: datetime, end: datetime, limit: int
) -> Sequence[Any]:
    """Articles of whose threads some left in this time and are still away, most of them first."""
    away = func.count().label("away")
    return session.execute(
        select(Article.key, Article.title, Article.drifting_since, away)
        .join(Comment, Comment.article_id == Article.id)
        .where(
            Comment.site_id == site_id,
            Comment.adrift_since.is_not(None),
            Comment.adrift_since >= start,
            Comment.adrift_since < end,
        )
        .group_by(Article.id)
        .order_by(away.desc(), Article.id.desc())
        .limit(limit)
    ).all()


def departure(session: Session, top: Comment) -> tuple[Moment, Sequence[Comment]] | None:
    """Where a thread left the last time, and its comments from there on; None if it never did."""
    left = [
        moment for moment in moments(session, [top.id]).get(top.id, ()) if moment.change == "left"
    ]
    if not left:
        return None
    said = session.scalars(
        select(Comment)
        .where(Comment.root_id == top.id, Comment.drift_index >= left[-1].index)
        .order_by(Comment.drift_index)
        .limit(DEPARTURE_SHOWN)
        .options(joinedload(Comment.reader, innerjoin=True))
    ).all()
    return left[-1], said


def _times(session: Session, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    rows = session.execute(select(Comment.id, Comment.created_at).where(Comment.id.in_(ids)))
    return {row.id: row.created_at for row in rows}
