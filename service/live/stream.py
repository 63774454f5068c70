"""One reader's stream, from hello to the end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.live import frames
from service.live.counts import LiveCounts
from service.live.hub import Hub
from service.live.listener import Listener
from service.live.reads import Arrival

# When browsers come back after a break: spread, so that a restart is not met by all at once.
RETRY_MS, RETRY_SPREAD_MS = 5_000, 2_000
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    # nginx reads this: pass on as it comes.
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}


class EventStream(Response):
    """Sends what its listener is told for as long as somebody reads it."""

    def __init__(self, hub: Hub, listener: Listener, greeting: bytes) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._hub = hub
        self._listener = listener
        self._greeting = greeting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the reader leaves, is cut, or the process stops."""
        listener = self._listener
        watch = asyncio.create_task(_until_gone(receive, listener.end))
        try:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            await send(_body(self._greeting))
            while (waiting := await listener.next()) is not None:
                await send(_body(waiting))
            await send({"type": "http.response.body"})
        finally:
            watch.cancel()
            self._hub.leave(listener)


def greeting(arrival: Arrival, last_event_id: int | None, counts: LiveCounts) -> bytes:
    """The first messages: how to come back, the count, and whatever was missed since."""
    retry = random.randint(  # noqa: S311 - spreads load, guards nothing
        RETRY_MS - RETRY_SPREAD_MS, RETRY_MS + RETRY_SPREAD_MS
    )
    first = frames.opening(retry)
    if last_event_id is None:
        return first + frames.hello(arrival.now, arrival.position)
    missed = arrival.since(last_event_id)
    counts.resumed["told" if missed is not None else "reset"] += 1
    # Without a position: should the stream break again right here, the old one still holds.
    first += frames.hello(arrival.now, None)
    if missed is None:
        return first + frames.reset(arrival.position)
    for item in missed:
        if item.comment_id is None:
            first += frames.article(arrival.now, item.event_id)
        elif (comment := arrival.comments.get(item.comment_id)) and item.change:
            count = arrival.now.comment_count
            first += frames.comment(comment, item.change, count, item.event_id)
    return first


def _body(data: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _until_gone(receive: Receive, then: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    then()
