"""How the conversation goes: figures by site, section, article and day, for editors."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response, request

from service.api import engagement_presenters, engagement_schemas
from service.api.app_state import api
from service.api.auth import allow_publisher, caller
from service.api.blueprint import Blueprint
from service.domain.engagement import check_engagement_period
from service.queries.engagement import engagement
from service.queries.engagement_active import active_articles, as_of
from service.queries.engagement_scope import find_scope

blp = Blueprint("engagement", __name__, description="How the conversation goes")

TOP_ARTICLES = 10
CACHED_SECONDS = 5
TAG_CHARS = 32
CSV = "text/csv"
JSON = "application/json"


@blp.route("/engagement", methods=["GET"])
@allow_publisher()
@blp.arguments(engagement_schemas.EngagementQuery, location="query")
@blp.response(200, engagement_schemas.EngagementOut)
def show_engagement(query: dict[str, Any]) -> Any:
    """Volumes, readers, depth, waits, health and drift over days, as JSON or CSV

    Everything counts on the day (UTC) the comment was posted. `by` chooses the lines of the
    series; `format=csv`, or `Accept: text/csv`, gives that series as a table. `as_of` says until
    when everything is counted, usually a few seconds ago. A `304` means that no figure changed.
    """
    ctx, site_id, by = api().ctx, caller().site.id, query["by"]
    now = ctx.clock()
    period = check_engagement_period(query["first"], query["last"], today=now.date())
    with ctx.reading() as session:
        scope = find_scope(session, site_id=site_id, section=query["section"], key=query["article"])
        fresh = as_of(session, site_id=site_id, now=now)
        report = engagement(session, scope, period, by=by, limit=query["limit"], top=TOP_ARTICLES)
    if _wants_csv(query["format"]):
        name = f"engagement-{period.first}-{period.last}-by-{by}.csv"
        return _answer(engagement_presenters.as_csv(report, by=by).encode(), csv_name=name)
    shown = engagement_presenters.as_json(report, scope, by=by)
    shown |= {"from": period.first, "to": period.last}
    figures = orjson.dumps(shown)
    # The time is no figure: an answer that differs in nothing else is the same one.
    body = figures[:-1] + b',"as_of":' + orjson.dumps(fresh) + b"}"
    return _answer(body, same_while=figures)


@blp.route("/engagement/active", methods=["GET"])
@allow_publisher()
@blp.arguments(engagement_schemas.ActiveQuery, location="query")
@blp.response(200, engagement_schemas.ActiveOut)
def show_active(query: dict[str, Any]) -> Any:
    """The articles with the most comments in the last hours, as of this moment"""
    ctx = api().ctx
    now, hours = ctx.clock(), query["hours"]
    with ctx.reading() as session:
        found = active_articles(
            session, site_id=caller().site.id, now=now, hours=hours, limit=query["limit"]
        )
    return {"hours": hours, "as_of": now, "articles": found}


def _wants_csv(asked: str | None) -> bool:
    if asked is not None:
        return asked == "csv"
    return request.accept_mimetypes.best_match([JSON, CSV], default=JSON) == CSV


def _answer(
    body: bytes, *, csv_name: str | None = None, same_while: bytes | None = None
) -> Response:
    """The body, or 304 where the caller has these figures already. For this caller only."""
    response = Response(body, content_type=JSON)
    if csv_name is not None:
        response.content_type = f"{CSV}; charset=utf-8"
        response.headers["Content-Disposition"] = f"attachment; filename={csv_name}"
    tag = hashlib.sha256(body if same_while is None else same_while)
    response.set_etag(tag.hexdigest()[:TAG_CHARS], weak=same_while is not None)
    response.headers["Cache-Control"] = f"private, max-age={CACHED_SECONDS}"
    response.vary.update(("Accept", "Authorization", "Cookie"))
    response.make_conditional(request)
    return response
