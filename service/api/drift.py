"""Drift over time: of an article's threads, and which articles have threads away."""

from __future__ import annotations

from typing import Any

from service.api import drift_schemas
from service.api.app_state import api
from service.api.auth import allow_publisher, caller
from service.api.blueprint import Blueprint
from service.api.fields import encode_cursor
from service.api.transparency_schemas import PeriodQuery
from service.domain.period import check_period
from service.queries.drift_pages import DriftPage, drift_page
from service.queries.thread_drift import drifting_articles

ARTICLES_MAX = 20

blp = Blueprint("drift", __name__, description="How threads move away from their article")


@blp.route("/drift", methods=["GET"])
@allow_publisher()
@blp.arguments(drift_schemas.DriftQuery, location="query")
@blp.response(200, drift_schemas.DriftOut)
def show_drift(query: dict[str, Any]) -> Any:
    """How an article's threads moved away from it, comment by comment

    Newest threads first; of each the last 200 points, and the moments it left and came back.
    Earlier points: the same call with `thread` and `before`, the thread's `next_before`.
    """
    with api().ctx.reading() as session:
        found = drift_page(
            session,
            site_id=caller().site.id,
            key=query["article"],
            thread=query["thread"],
            before=query["before"],
            away=query["away"],
            after=query["cursor"],
            limit=query["limit"],
        )
    return {
        "article": _article(found),
        "threads": found.threads,
        "next_cursor": encode_cursor(found.next) if found.next is not None else None,
    }


@blp.route("/drift/articles", methods=["GET"])
@allow_publisher()
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, drift_schemas.DriftingArticlesOut)
def list_drifting_articles(query: dict[str, Any]) -> Any:
    """The articles most of whose threads left in a time and are still away; 20 at most"""
    period = check_period(query["first"], query["last"])
    site_id, start, end = caller().site.id, period.start, period.end
    with api().ctx.reading() as session:
        return {
            "articles": drifting_articles(
                session, site_id=site_id, start=start, end=end, limit=ARTICLES_MAX
            )
        }


def _article(page: DriftPage) -> dict[str, Any]:
    article = page.article
    return {
        "key": article.key,
        "title": article.title,
        "drifting": article.drifting_since is not None,
        "drifting_since": article.drifting_since,
        "recent": page.recent,
        "moments": page.moments,
    }
