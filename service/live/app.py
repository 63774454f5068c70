"""The routes of the live process: the stream, its health, its metrics."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from service.adapters.metrics import CONTENT_TYPE
from service.bootstrap import LiveParts
from service.domain.errors import Invalid, NotFound
from service.live.counts import LiveCounts
from service.live.follower import Follower, Pace
from service.live.hub import Hub
from service.live.problems import handlers
from service.live.reads import LiveReads
from service.live.stream import HEADERS, EventStream, greeting

STREAM = "/api/v1/articles/{key}/stream"
# As the API takes them (service/api/fields.py).
KEY = re.compile(r"[A-Za-z0-9._~:@!$'()*+,;=-]{1,200}")
SITE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
CORS_SECONDS = 600
# Ids are 64 bits; what is longer was never one.
ID_DIGITS = 18
UNKNOWN_ID = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The parts of a running live process."""

    app: Starlette
    hub: Hub
    counts: LiveCounts
    follower: Follower


def make_live_app(
    parts: LiveParts, *, pace: Pace | None = None, on_failure: Callable[[], None] = lambda: None
) -> Live:
    """Put the process together. `on_failure` is called should the following end by itself."""
    pace, settings = pace or Pace(), parts.settings
    counts = LiveCounts()
    hub = Hub(
        counts, most=settings.live_listeners, most_per_address=settings.live_listeners_per_address
    )
    reads = LiveReads(parts.readers, lambda site_id: parts.policy(site_id).drift.line)
    follower = Follower(parts.subscription, reads, hub, counts, pace)

    async def stream(request: Request) -> Response:
        site, key = _asked_for(request, settings.default_site)
        if request.method == "HEAD":
            await reads.article_id(site, key)
            return Response(headers=HEADERS)
        article_id = await reads.article_id(site, key)
        listener = hub.join(article_id, _address(request, settings.trusted_proxies), _cut(request))
        try:
            last = _last_event_id(request)
            arrival = await reads.arrival(article_id, resuming=last is not None)
        except BaseException:
            hub.leave(listener)
            raise
        hub.remember_article(article_id, arrival.now)
        return EventStream(hub, listener, greeting(arrival, last, counts))

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        following = asyncio.create_task(follower.run())
        following.add_done_callback(lambda task: None if task.cancelled() else on_failure())
        yield
        following.cancel()
        await asyncio.wait([following])
        reads.close()
        parts.engine.dispose()

    app = Starlette(
        routes=[
            Route(STREAM, stream, methods=["GET"]),
            Route("/metrics", lambda _: Response(counts.page(), media_type=CONTENT_TYPE)),
            Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD"],
                allow_headers=["*"],
                expose_headers=["Retry-After"],
                max_age=CORS_SECONDS,
            )
        ],
        exception_handlers=dict(handlers()),
        lifespan=lifespan,
    )
    return Live(app=app, hub=hub, counts=counts, follower=follower)


def _asked_for(request: Request, default_site: str) -> tuple[str, str]:
    site = request.query_params.get("site", default_site)
    if not SITE.fullmatch(site):
        raise Invalid({"site": ["Is not the key of a site."]})
    key: str = request.path_params["key"]
    if not KEY.fullmatch(key):
        raise NotFound("There is no article with this key.", code="article_not_found")
    return site, key


def _last_event_id(request: Request) -> int | None:
    """Where the browser was; what is no id of ours counts as one nobody knows."""
    given = request.headers.get("last-event-id", "").strip()
    if not given:
        return None
    fits = given.isascii() and given.isdigit() and len(given) <= ID_DIGITS
    return int(given) if fits else UNKNOWN_ID


def _address(request: Request, trusted_proxies: int) -> str:
    """Who asks: the peer, or what the last proxy that is trusted says of it."""
    peer = request.client.host if request.client else ""
    if not trusted_proxies:
        return peer
    claimed = request.headers.get("x-forwarded-for", "").split(",")
    return claimed[-trusted_proxies].strip() if len(claimed) >= trusted_proxies else peer


def _cut(request: Request) -> Callable[[], None]:
    """How to drop this connection at once (service/live/server.py hands it over)."""
    cut: Callable[[], None] = getattr(request.state, "abort", lambda: None)
    return cut
