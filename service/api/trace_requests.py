"""One span for each request, named by its route."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from http import HTTPStatus
from typing import Any, Protocol

from flask import Flask, Response, g, request


class Tracing(Protocol):
    """What measures (service.adapters.tracing)."""

    def span(
        self,
        name: str,
        *,
        kind: str = "internal",
        parent: Mapping[str, Any] | None = None,
        attributes: Mapping[str, str | int] | None = None,
    ) -> AbstractContextManager[Any]:
        """Measure a block."""
        ...


def trace_requests(app: Flask, tracing: Tracing) -> None:
    """Let every request of `app` be a span that goes on where the caller's left off."""

    def begin() -> None:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        g.span_stack = ExitStack()
        g.span = g.span_stack.enter_context(
            tracing.span(
                f"{request.method} {route}",
                kind="server",
                parent={name.lower(): value for name, value in request.headers},
                attributes={
                    "http.request.method": request.method,
                    "http.route": route,
                    "parley.request_id": g.request_id,
                },
            )
        )

    def note(response: Response) -> Response:
        if "span" in g:
            g.span.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                g.span.set_attribute("error.type", str(response.status_code))
        return response

    def end(_error: BaseException | None = None) -> None:
        stack = g.pop("span_stack", None)
        if stack is not None:
            stack.close()

    app.before_request(begin)
    app.after_request(note)
    app.teardown_request(end)
