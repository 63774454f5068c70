"""Drift over time: of an article's threads, and which articles have threads away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from service.api import drift_schemas
from service.api.app_state import api
from service.api.auth import allow, caller
from service.api.blueprint import Blueprint
from service.api.fields import encode_cursor
from service.api.transparency_schemas import PeriodQuery
from service.domain.drift import ThreadState
from service.domain.errors import NotFound
from service.domain.period import check_period
from service.models import Article, Comment
from service.queries import thread_drift
from service.queries.articles import get_article
from service.queries.thread_order import Position
from service.usecases.identify_caller import CallerKind

ARTICLES_MAX = 20

blp = Blueprint("drift", __name__, description="How threads move away from their article")


@blp.route("/drift", methods=["GET"])
@allow(CallerKind.PUBLISHER, CallerKind.MODERATOR)
@blp.arguments(drift_schemas.DriftQuery, location="query")
@blp.response(200, drift_schemas.DriftOut)
def show_drift(query: dict[str, Any]) -> Any:
    """How an article's threads moved away from it, comment by comment

    Newest threads first; of each the last 200 points, and the moments it left and came back.
    Earlier points: the same call with `thread` and `before`, the thread's `next_before`.
    """
    site_id, limit = caller().site.id, query["limit"]
    with api().ctx.reading() as session:
        article = get_article(session, site_id=site_id, key=query["article"])
        found = _threads(session, article, query)
        shown = found[:limit]
        threads = _courses(session, shown, query["before"])
        recent = thread_drift.recent_talk(session, article.id)
        moments = thread_drift.article_moments(session, article.id)
    more = len(found) > limit
    return {
        "article": _article(article) | {"recent": recent, "moments": moments},
        "threads": threads,
        "next_cursor": encode_cursor(Position(shown[-1].id)) if more else None,
    }


@blp.route("/drift/articles", methods=["GET"])
@allow(CallerKind.PUBLISHER, CallerKind.MODERATOR)
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, drift_schemas.DriftingArticlesOut)
def list_drifting_articles(query: dict[str, Any]) -> Any:
    """The articles most of whose threads left in a time and are still away; 20 at most"""
    period = check_period(query["first"], query["last"])
    with api().ctx.reading() as session:
        rows = thread_drift.drifting_articles(
            session,
            site_id=caller().site.id,
            start=period.start,
            end=period.end,
            limit=ARTICLES_MAX,
        )
    return {"articles": [row._asdict() | {"away_threads": row.away} for row in rows]}


def _threads(session: Session, article: Article, query: dict[str, Any]) -> Sequence[Comment]:
    """One more than asked for, so that the last page is known as such."""
    if query["thread"] is None:
        after = query["cursor"].id if query["cursor"] is not None else None
        wanted = thread_drift.article_threads(
            article.id, after=after, away=query["away"], limit=query["limit"] + 1
        )
        return session.scalars(wanted).all()
    thread = session.get(Comment, query["thread"])
    if thread is None or thread.article_id != article.id or thread.parent_id is not None:
        raise NotFound("The article has no thread with this id.", code="thread_not_found")
    return [thread]


def _courses(
    session: Session, threads: Sequence[Comment], before: int | None
) -> list[dict[str, Any]]:
    ids = [thread.id for thread in threads]
    points = thread_drift.points(session, ids, before=before, limit=drift_schemas.POINTS_MAX)
    moments = thread_drift.moments(session, ids)
    return [_course(t, points.get(t.id, []), moments.get(t.id, [])) for t in threads]


def _course(
    top: Comment, points: list[thread_drift.Point], moments: list[thread_drift.Moment]
) -> dict[str, Any]:
    state = top.drift_state or {}
    last = {moment.change: moment for moment in moments}
    first = points[0].index if points else 0
    return {
        "id": top.id,
        "state": state.get("state", ThreadState.ON.value),
        "drift": state.get("value", 0.0),
        "comments": state.get("comments", 0),
        "away_since": top.adrift_since,
        "left_at": last.get("left"),
        "returned_at": last.get("returned"),
        "moments": moments,
        "points": points,
        "next_before": first or None,
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "key": article.key,
        "title": article.title,
        "drifting": article.drifting_since is not None,
        "drifting_since": article.drifting_since,
    }
