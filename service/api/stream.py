"""Where an article's live updates are: the API itself holds no streams."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request

from service.api import schemas
from service.api.app_state import api
from service.api.auth import allow, caller
from service.api.blueprint import Blueprint
from service.domain.errors import NotFound
from service.usecases.identify_caller import CallerKind

blp = Blueprint("live", __name__, description="Live updates")

STREAM = {
    "description": "At the live process: server-sent events. `hello {comment_count}` first; then "
    "`comment {id, thread_id, parent_id, change, comment_count}` (change: `published`, `edited`, "
    "`gone`, `changed`), `article {drifting, mode}`, and `reset {}` when the page is to be loaded "
    "again. Never a text. `Last-Event-ID` resumes; an event may come twice.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
ELSEWHERE = {
    "description": "Live updates are served at this address.",
    "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
}


@blp.route("/articles/<article_key:key>/stream", methods=["GET"])
@allow(CallerKind.NOBODY)
@blp.arguments(schemas.SiteQuery, location="query")
@blp.doc(responses={"200": STREAM, "307": ELSEWHERE})
def stream(query: dict[str, Any], key: str) -> Response:
    """Follow an article's conversation live

    Server-sent events from a process of its own, whose address `GET /site` gives as `live_url`.
    Where there is none, this is the problem `live_off`: ask for the thread page now and then.
    """
    base = api().live_url
    path = f"{request.script_root}{quote(request.path, safe='/')}"
    target = f"{base}{path}?{urlencode({'site': caller().site.key})}"
    # An address that leads here again: the proxy in front does not send streams to the process.
    if not base or target.partition("?")[0] == request.base_url:
        raise NotFound("Live updates are off here.", code="live_off")
    response = Response(status=HTTPStatus.TEMPORARY_REDIRECT)
    response.headers["Location"] = target
    response.headers["Cache-Control"] = "no-store"
    return response
