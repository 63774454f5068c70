"""How often somebody may do something: moving windows in Redis, in memory while Redis is away."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from functools import lru_cache

import limits
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from service.adapters.metrics import Metrics
from service.adapters.redis_client import CircuitBreaker, CircuitOpen, RedisFailure, connect

KEY_PREFIX = "parley:limit"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LimitState:
    """What is left of the tightest rule. `reset_seconds`: whole seconds until a place is free."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int


class RateLimiter:
    """Counts what callers do against rules such as `1 per 3 seconds; 30 per hour`.

    While Redis is down or silent each process counts in its own memory: nobody is locked out by a
    fault of ours, and a flood still meets the same limit, once per process.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        metrics: Metrics | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        """Args: breaker: share one with the queue, so that both learn of a failure at once."""
        self._metrics = metrics or Metrics()
        self._breaker = breaker or CircuitBreaker()
        client = connect(redis_url)
        storage = RedisStorage(
            limits_url(redis_url),
            connection_pool=client.connection_pool,
            key_prefix=KEY_PREFIX,
        )
        self._shared = MovingWindowRateLimiter(storage)
        self._local = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, name: str, key: str, rule: str = "10/minute") -> LimitState:
        """Count one action and say whether it may go on.

        Args:
            name: what is limited, for example `comment`; limits of different names are apart.
            key: who is limited, for example a site and reader; any text.
            rule: one or more limits of the `limits` notation, separated by `;`. The narrowest
                window is asked first, and what one rule refuses uses up none of the others.

        Raises:
            ValueError: the rule cannot be read.
        """
        rules = parse_rule(rule)
        try:
            state = self._breaker.call(lambda: _ask(self._shared, rules, name, key))
        except (CircuitOpen, *RedisFailure) as failure:
            self._metrics.record_limiter_degraded()
            if not isinstance(failure, CircuitOpen):
                _log.warning("rate limits fall back to memory: %s", type(failure).__name__)
            state = _ask(self._local, rules, name, key)
        if not state.allowed:
            self._metrics.record_rate_limited(name)
        return state


@lru_cache(maxsize=64)
def parse_rule(rule: str) -> tuple[limits.RateLimitItem, ...]:
    """The limits of a rule, narrowest window first. Raises ValueError for what is no rule."""
    return tuple(sorted(limits.parse_many(rule), key=lambda item: item.get_expiry()))


def limits_url(redis_url: str) -> str:
    """The address as the `limits` library writes it: sockets are `redis+unix://`."""
    if redis_url.startswith("unix://"):
        return f"redis+{redis_url}"
    return redis_url


def _ask(
    limiter: MovingWindowRateLimiter,
    rules: tuple[limits.RateLimitItem, ...],
    name: str,
    key: str,
) -> LimitState:
    tightest: LimitState | None = None
    for item in rules:
        allowed = limiter.hit(item, name, key)
        state = _state(limiter, item, name, key, allowed)
        if not allowed:
            return state
        if tightest is None or state.remaining < tightest.remaining:
            tightest = state
    if tightest is None:
        raise ValueError("a rule needs at least one limit")
    return tightest


def _state(
    limiter: MovingWindowRateLimiter,
    item: limits.RateLimitItem,
    name: str,
    key: str,
    allowed: bool,
) -> LimitState:
    stats = limiter.get_window_stats(item, name, key)
    return LimitState(
        allowed=allowed,
        limit=item.amount,
        remaining=max(0, stats.remaining),
        # At least one second when refused: "come back in 0 s" invites a loop.
        reset_seconds=max(int(not allowed), math.ceil(stats.reset_time - time.time())),
    )
