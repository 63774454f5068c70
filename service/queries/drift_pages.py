"""One page of an article's drift: the article as a whole, and its threads with their courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.article_drift import RecentTalk
from service.domain.drift import ThreadState
from service.domain.errors import NotFound
from service.models import Article, Comment
from service.queries.articles import get_article
from service.queries.thread_drift import (
    Moment,
    Point,
    article_moments,
    article_threads,
    moments,
    points,
    recent_talk,
)
from service.queries.thread_order import Position

# Points of each thread on one page; what came before is asked for with `thread` and `before`.
POINTS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadCourse:
    """A thread's drift: where it is now, when it left and came back, and its latest points.

    `next_before` is the number before which there are earlier points; None: there are none.
    """

    id: UUID
    state: str
    drift: float
    comments: int
    away_since: datetime | None
    left_at: Moment | None
    returned_at: Moment | None
    moments: Sequence[Moment]
    points: Sequence[Point]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class DriftPage:
    """Some threads of an article, newest first, and what the article as a whole is like."""

    article: Article
    recent: RecentTalk
    moments: Sequence[Mapping[str, Any]]
    threads: Sequence[ThreadCourse]
    next: Position | None


def drift_page(
    session: Session,
    *,
    site_id: UUID,
    key: str,
    thread: UUID | None,
    before: int | None,
    away: bool,
    after: Position | None,
    limit: int,
) -> DriftPage:
    """One page. `thread` asks for that thread alone, `away` only for those away now.

    Raises NotFound where the site has no such article, or the article no such thread.
    """
    article = get_article(session, site_id=site_id, key=key)
    if thread is not None:
        found: Sequence[Comment] = [_thread(session, article, thread)]
    else:
        start = after.id if after is not None else None
        # One more than asked for, so that the last page is known as such.
        wanted = article_threads(article.id, after=start, away=away, limit=limit + 1)
        found = session.scalars(wanted).all()
    shown = found[:limit]
    return DriftPage(
        article,
        recent_talk(session, article.id),
        article_moments(session, article.id),
        _courses(session, shown, before),
        Position(shown[-1].id) if len(found) > limit else None,
    )


def _thread(session: Session, article: Article, thread_id: UUID) -> Comment:
    thread = session.get(Comment, thread_id)
    if thread is None or thread.article_id != article.id or thread.parent_id is not None:
        raise NotFound("The article has no thread with this id.", code="thread_not_found")
    return thread


def _courses(
    session: Session, threads: Sequence[Comment], before: int | None
) -> list[ThreadCourse]:
    ids = [thread.id for thread in threads]
    said = points(session, ids, before=before, limit=POINTS_MAX)
    changed = moments(session, ids)
    return [_course(t, said.get(t.id, []), changed.get(t.id, [])) for t in threads]


def _course(top: Comment, said: list[Point], changed: list[Moment]) -> ThreadCourse:
    state = top.drift_state or {}
    last = {moment.change: moment for moment in changed}
    return ThreadCourse(
        id=top.id,
        state=state.get("state", ThreadState.ON.value),
        drift=state.get("value", 0.0),
        comments=state.get("comments", 0),
        away_since=top.adrift_since,
        left_at=last.get("left"),
        returned_at=last.get("returned"),
        moments=changed,
        points=said,
        next_before=said[0].index or None if said else None,
    )
