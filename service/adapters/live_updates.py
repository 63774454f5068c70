"""Live updates through Redis pub/sub: what changed, for whoever listens."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
import redis
import redis.asyncio
from redis.asyncio.client import PubSub

from service.adapters.redis_client import CircuitBreaker, CircuitOpen, RedisFailure
from service.domain.live_update import Change, News

# One for the installation: a live process drops what none of its listeners waits for, which costs
# microseconds; a channel for each article would cost Redis a call for each reader who comes.
CHANNEL: Final = "parley:live"
# A publication of a whole batch stays one message; longer ones are cut into several.
NEWS_PER_MESSAGE = 200
# A server that says nothing for this long is asked whether it is there, and then given as long.
SILENCE_SECONDS = 5.0
CONNECT_SECONDS = 3.0

_log = logging.getLogger(__name__)


class LiveMetrics(Protocol):
    """Counts what was published."""

    def record_live(self, outcome: str) -> None:
        """A message to the live processes was `sent` or `failed`."""
        ...


class RedisLive:
    """Publishes news; never raises, and waits for a silent Redis once in two seconds at most."""

    def __init__(
        self, client: redis.Redis, *, metrics: LiveMetrics, breaker: CircuitBreaker
    ) -> None:
        """Args: breaker: shared with the queue, so that both learn of a failure at once."""
        self._redis = client
        self._metrics = metrics
        self._breaker = breaker

    def tell(self, news: Sequence[News]) -> bool:
        """Publish news. Returns whether Redis took all of them."""
        parts = [
            news[start : start + NEWS_PER_MESSAGE]
            for start in range(0, len(news), NEWS_PER_MESSAGE)
        ]
        return all(self._publish(encode(part)) for part in parts)

    def comment_changed(self, *, article_id: UUID, comment_id: UUID) -> bool:
        """Publish that something the log says nothing of changed about a public comment."""
        return self.tell([News(article_id, comment_id)])

    def article_changed(self, article_id: UUID) -> bool:
        """Publish that the article's own state may have changed."""
        return self.tell([News(article_id)])

    def _publish(self, message: bytes) -> bool:
        try:
            self._breaker.call(lambda: self._redis.publish(CHANNEL, message))
        except (CircuitOpen, *RedisFailure) as failure:
            self._metrics.record_live("failed")
            if not isinstance(failure, CircuitOpen):
                _log.warning("live update not published: %s", type(failure).__name__)
            return False
        self._metrics.record_live("sent")
        return True


class NoLive:
    """For an installation without live updates: nobody listens, so nothing is sent."""

    def tell(self, news: Sequence[News]) -> bool:
        """Send nothing."""
        return True

    def comment_changed(self, *, article_id: UUID, comment_id: UUID) -> bool:
        """Send nothing."""
        return True

    def article_changed(self, article_id: UUID) -> bool:
        """Send nothing."""
        return True


def encode(news: Sequence[News]) -> bytes:
    """News as a message: JSON rows of article, comment, event and change."""
    return orjson.dumps([[n.article_id, n.comment_id, n.event_id, n.change] for n in news])


def decode(message: bytes) -> list[News]:
    """The news in a message. Raises ValueError for what `encode` did not make."""
    rows: Any = orjson.loads(message)
    if not isinstance(rows, list):
        raise ValueError("not a live message")
    try:
        return [
            News(UUID(article), UUID(comment) if comment else None, event, Change(change))
            for article, comment, event, change in rows
        ]
    except (TypeError, AttributeError) as error:
        raise ValueError("not a live message") from error


class LiveSubscription:
    """The one connection on which a live process hears everything that is published."""

    def __init__(self, url: str, *, silence_seconds: float = SILENCE_SECONDS) -> None:
        """Args: url: `redis://…`, `rediss://…` or `unix:///path?db=0`, as in the settings."""
        self._url = url
        self._silence = silence_seconds

    @asynccontextmanager
    async def messages(self) -> AsyncIterator[AsyncIterator[list[News]]]:
        """Subscribe; inside the block every message that comes from then on is heard.

        Raises one of `RedisFailure` where Redis cannot be had, falls silent or goes away.
        """
        client: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
            self._url, socket_connect_timeout=CONNECT_SECONDS, protocol=2, decode_responses=False
        )
        pubsub = client.pubsub()
        try:
            await pubsub.subscribe(CHANNEL)
            await self._confirmed(pubsub)
            yield self._heard(pubsub)
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]
            await client.aclose()

    async def _confirmed(self, pubsub: PubSub) -> None:
        if await pubsub.get_message(timeout=self._silence) is None:
            raise redis.TimeoutError("Redis does not confirm the subscription")

    async def _heard(self, pubsub: PubSub) -> AsyncIterator[list[News]]:
        asked = False
        while True:
            message: dict[str, Any] | None = await pubsub.get_message(timeout=self._silence)
            if message is None:
                if asked:
                    raise redis.TimeoutError("Redis is silent")
                await pubsub.ping()
                asked = True
                continue
            asked = False
            if message["type"] == "message":
                try:
                    yield decode(message["data"])
                except ValueError:
                    _log.warning("a message on %s is not one of ours", CHANNEL)
