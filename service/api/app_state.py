"""What the API is handed by bootstrap, reachable from any route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app

from service.usecases.context import Context

EXTENSION = "parley"


class LimitState(Protocol):
    """One answer of the rate limiter."""

    @property
    def allowed(self) -> bool:
        """Whether the call may go on."""
        ...

    @property
    def limit(self) -> int:
        """Calls the tightest rule allows."""
        ...

    @property
    def remaining(self) -> int:
        """Calls it has left."""
        ...

    @property
    def reset_seconds(self) -> int:
        """Whole seconds until a place is free."""
        ...


class RateLimiter(Protocol):
    """Counts calls; without Redis it lets pass what a small local limit allows."""

    def hit(self, name: str, key: str, rule: str = ...) -> LimitState:
        """Count one call of `name` by `key` against `rule`."""
        ...


class HttpMetrics(Protocol):
    """Counts requests and writes the metrics page."""

    def record_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Everything a route may need besides its use case."""

    ctx: Context
    limiter: RateLimiter
    metrics: HttpMetrics
    metrics_page: Callable[[], bytes]
    readiness: Callable[[], tuple[bool, dict[str, Any]]]
    comment_rate: str
    write_rate: str
    page_cache_seconds: int
    # Where the live process is for browsers; '' where there is none.
    live_url: str
    # Browsers then send the session over https only.
    secure_cookies: bool


def api() -> Api:
    """The parts of the running application."""
    parts: Api = current_app.extensions[EXTENSION]
    return parts
