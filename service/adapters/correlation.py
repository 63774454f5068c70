"""Which request something comes from: bound in the API, carried by jobs, bound in the worker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.adapters.logging import bind_context, bound, clear_context
from service.adapters.tracing import tracing

REQUEST_ID = "request_id"
# The header of a job's message. Celery keeps its own names apart from those with a prefix.
REQUEST_HEADER = "parley_request"
# What may be kept for ever: an id, never a sentence or an address that a caller chose to send.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


def current_request_id() -> str | None:
    """The id of the request this thread answers, where it is one that may be stored."""
    given = bound(REQUEST_ID)
    return given if given is not None and _ID.fullmatch(given) else None


def message_headers() -> dict[str, str]:
    """What a job sent now takes along: its request's id, and the trace where there is one."""
    headers: dict[str, str] = {}
    request_id = bound(REQUEST_ID)
    if request_id is not None:
        headers[REQUEST_HEADER] = request_id
    trace = tracing()
    if trace is not None:
        trace.inject(headers)
    return headers


def take_up(headers: Mapping[str, Any], **values: str) -> None:
    """Begin a job's lines: forget the one before, bind where this one comes from and `values`."""
    clear_context()
    request_id = headers.get(REQUEST_HEADER)
    if isinstance(request_id, str):
        values[REQUEST_ID] = request_id
    bind_context(**values)
