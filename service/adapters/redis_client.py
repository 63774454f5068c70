"""Redis as Parley uses it: asked with short patience, and left alone for a while when it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

SOCKET_SECONDS = 0.4  # a healthy answer takes well under a millisecond
PAUSE_SECONDS = 2.0  # how long a failing Redis is left alone before one caller tries again

RedisFailure = (redis.RedisError, OSError)

_Result = TypeVar("_Result")


def connect(url: str) -> redis.Redis:
    """A client for `redis://…`, `rediss://…` or `unix:///path?db=0`; bytes in, bytes out.

    It gives up after 0.4 s. One immediate second try covers a pooled connection that a restarted
    server has closed; a silent server (a timeout) is never asked twice.
    """
    # Without a protocol handshake (RESP2) a new connection costs no extra round trip.
    client: redis.Redis = redis.Redis.from_url(
        url,
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        protocol=2,
        decode_responses=False,
    )
    return client


def is_alive(client: redis.Redis) -> bool:
    """Whether Redis answers a PING within the client's patience; never raises."""
    try:
        return bool(client.ping())
    except RedisFailure:
        return False


class CircuitOpen(Exception):
    """Redis failed a moment ago and is not asked again yet."""


class CircuitBreaker:
    """Lets calls pass while they succeed; after a failure refuses all but one try per pause.

    Without it each of a hundred requests would wait out the timeout of a silent Redis. Safe to
    share between threads: they share the knowledge, never a lock during a call.
    """

    def __init__(
        self,
        pause_seconds: float = PAUSE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pause = pause_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._shut_until: float | None = None

    def call(self, ask: Callable[[], _Result]) -> _Result:
        """Run `ask` and return what it returns.

        Raises:
            CircuitOpen: Redis failed less than the pause ago; `ask` was not run.
            redis.RedisError, OSError: what `ask` raised; the pause begins.
        """
        if not self._may_try():
            raise CircuitOpen
        try:
            result = ask()
        except RedisFailure:
            self.trip()
            raise
        self._shut_until = None
        return result

    def trip(self) -> None:
        """Begin the pause; for failures that were seen outside `call`."""
        with self._lock:
            self._shut_until = self._clock() + self._pause

    def _may_try(self) -> bool:
        with self._lock:
            if self._shut_until is None:
                return True
            if self._clock() < self._shut_until:
                return False
            # This caller is the one who tries; the others wait for another pause or its success.
            self._shut_until = self._clock() + self._pause
            return True
