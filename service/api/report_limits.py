"""How often somebody may report: by the day for reports, against floods alone for notices."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from service.api.app_state import api
from service.api.auth import caller
from service.domain.errors import TooFast

F = TypeVar("F", bound=Callable[..., Any])

# A day's reports of one reader or visitor.
REPORT_RATE = "20 per day"
# Far more than a person writes: notices are never turned away for being many, only a flood is.
NOTICE_RATE = "30 per minute; 300 per day"


def limited_reports(view: F) -> F:
    """Count a sender's reports: a reader's by id, a visitor's by address and browser."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        reader = caller().reader
        browser = request.headers.get("User-Agent", "")
        _count("report", str(reader.id) if reader else _visitor(browser), REPORT_RATE)
        return view(*args, **kwargs)

    return cast(F, counted)


def limited_notices(view: F) -> F:
    """Count notices by address; raises (as a problem) TooFast for a flood."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        _count("notice", _visitor(), NOTICE_RATE)
        return view(*args, **kwargs)

    return cast(F, counted)


def _visitor(browser: str = "") -> str:
    """A visitor's place in the counts, without writing down who it is."""
    site = str(caller().site.id)
    return api().ctx.credentials.pseudonym("limit", site, request.remote_addr or "", browser)


def _count(name: str, key: str, rule: str) -> None:
    state = api().limiter.hit(name, key, rule)
    g.rate_limit = state
    if not state.allowed:
        raise TooFast(max(1, state.reset_seconds))
