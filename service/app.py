"""The Flask application. Imported only by entry points: WSGI server, command line, tests."""

from __future__ import annotations

import logging
import time
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import orjson
from flask import Flask, Response, g, request
from flask.json.provider import DefaultJSONProvider
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import Settings
from service.adapters.logging import bind_context, clear_context, configure_logging, get_logger
from service.adapters.tracing import start_tracing
from service.api import (
    appeals,
    articles,
    comments,
    decisions,
    digest,
    digest_page,
    drift,
    engagement,
    event_log,
    featured,
    guideline_versions,
    guidelines,
    me,
    moderation_comments,
    moderation_items,
    moderation_notices,
    moderation_queue,
    moderation_stats,
    moderator_me,
    moderator_session,
    moderators,
    notices,
    notifications,
    own_account,
    own_view,
    reactions,
    readers,
    reports,
    site,
    status,
    stream,
    transparency,
    webhooks,
)
from service.api.app_state import EXTENSION, Api, api
from service.api.auth import allow_unidentified
from service.api.caching import MEMORY, PageMemory
from service.api.embed import Demo, embed_blueprint
from service.api.errors import register_errors
from service.api.openapi import PREFIX, make_openapi, register_documents
from service.api.trace_requests import trace_requests
from service.bootstrap import make_api, settings_from_environment
from service.console.assets import assets_blueprint, url_of
from service.console.page import console_blueprint
from service.demo.conversation import CHOICES
from service.demo_sign_in import demo_sign_in
from service.seed import DEMO_SITE, DEMO_TEXTS

BODY_MAX_BYTES = 4_500_000
REQUEST_ID_MAX = 64
CORS_SECONDS = 600

log = get_logger("parley.http")


class OrjsonProvider(DefaultJSONProvider):
    """JSON by orjson: the same documents, several times faster."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """The JSON text of plain values, UUIDs and times."""
        return orjson.dumps(obj, default=self.default, option=orjson.OPT_NON_STR_KEYS).decode()


def create_app(settings: Settings | None = None, parts: Api | None = None) -> Flask:
    """Make the application, from the environment unless `settings` or `parts` are given."""
    if settings is None:
        settings = settings_from_environment()
        configure_logging(settings.log_level)
    parts = parts or make_api(settings)
    app = Flask(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX_BYTES
    app.extensions[EXTENSION] = parts
    app.extensions[MEMORY] = PageMemory(parts.page_cache_seconds)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    # Any origin may ask on a reader's behalf: readers' tokens travel in a header. Moderators'
    # cookies never cross, because credentials are not supported here and the cookie is strict.
    CORS(
        app,
        resources={f"{PREFIX}/*": {"origins": "*"}},
        expose_headers=["Retry-After", "ETag", "X-Request-ID"],
        max_age=CORS_SECONDS,
    )
    openapi = make_openapi(app)
    for blueprint in (
        articles.blp,
        comments.blp,
        guidelines.blp,
        site.blp,
        stream.blp,
        guideline_versions.blp,
        me.blp,
        moderator_session.blp,
        moderator_me.blp,
        moderators.blp,
        moderation_queue.blp,
        moderation_items.blp,
        moderation_comments.blp,
        moderation_stats.blp,
        readers.blp,
        own_account.blp,
        own_view.blp,
        reactions.blp,
        drift.blp,
        event_log.blp,
        featured.blp,
        reports.blp,
        notices.blp,
        moderation_notices.blp,
        decisions.blp,
        notifications.blp,
        digest.blp,
        appeals.blp,
        transparency.blp,
        webhooks.blp,
        engagement.blp,
    ):
        openapi.register_blueprint(blueprint, url_prefix=PREFIX)
    app.register_blueprint(status.blp)
    app.register_blueprint(assets_blueprint(allow_unidentified))
    app.register_blueprint(console_blueprint(allow_unidentified))
    sign_in = demo_sign_in(settings.secret_key)
    demo = Demo(site=DEMO_SITE, texts=DEMO_TEXTS, choices=CHOICES, sign_in=sign_in)
    app.register_blueprint(digest_page.blp)
    app.register_blueprint(embed_blueprint(url_of, demo))
    register_documents(app, openapi)
    register_errors(app)
    app.before_request(_begin)
    tracing = start_tracing(settings, "parley-api")
    if tracing is not None:
        trace_requests(app, tracing)
    app.after_request(_end)
    return app


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    fits = 0 < len(given) <= REQUEST_ID_MAX and given.isascii() and given.isprintable()
    g.request_id = given if fits else uuid4().hex
    clear_context()
    bind_context(request_id=g.request_id)
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    limit = g.get("rate_limit")
    if limit is not None:
        response.headers["RateLimit-Limit"] = str(limit.limit)
        response.headers["RateLimit-Remaining"] = str(limit.remaining)
        response.headers["RateLimit-Reset"] = str(limit.reset_seconds)
    if request.method != "GET" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    _measure(response)
    return response


def _measure(response: Response) -> None:
    seconds = time.perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule else "unmatched"
    api().metrics.record_request(request.method, route, response.status_code, seconds)
    level = logging.INFO
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        level = logging.ERROR
    log.log(
        level,
        "request",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )
