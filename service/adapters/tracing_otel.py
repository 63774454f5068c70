"""OpenTelemetry behind the one protocol; the only place that may import it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Engine, event

KINDS = {"internal": SpanKind.INTERNAL, "server": SpanKind.SERVER, "consumer": SpanKind.CONSUMER}
# A collector that is away must not hold up a stop, nor fill the memory.
EXPORT_SECONDS = 2
STATEMENT_CHARS = 2_000
STATEMENTS = "parley spans"


class OtelTracing:
    """Sends spans by OTLP over HTTP, in batches, from a thread of its own."""

    def __init__(self, endpoint: str, service: str) -> None:
        """Args:
        endpoint: the whole address, path included.
        service: the name of this part, unless OTEL_SERVICE_NAME gives another.
        """
        name = os.environ.get("OTEL_SERVICE_NAME") or service
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("parley")
        self._propagator = TraceContextTextMapPropagator()
        for name, listener in self._listeners():
            event.listen(Engine, name, listener)

    @contextmanager
    def span(
        self,
        name: str,
        *,
        kind: str = "internal",
        parent: Mapping[str, Any] | None = None,
        attributes: Mapping[str, str | int] | None = None,
    ) -> Iterator[trace.Span]:
        """Measure a block; an error is noted by its type, for its message may quote a text."""
        with self._tracer.start_as_current_span(
            name,
            context=self._propagator.extract(parent) if parent is not None else None,
            kind=KINDS[kind],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    def inject(self, headers: dict[str, str]) -> None:
        """Add `traceparent`, and `tracestate` where there is one."""
        self._propagator.inject(headers)

    def close(self) -> None:
        """Send what is left; statements are measured no more."""
        for name, listener in self._listeners():
            event.remove(Engine, name, listener)
        self._provider.shutdown()

    def _listeners(self) -> tuple[tuple[str, Any], ...]:
        return (
            ("before_cursor_execute", self._before),
            ("after_cursor_execute", self._after),
            ("handle_error", self._failed),
        )

    def _before(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Only as part of something: heartbeats and sweeps without a trace would drown the rest.
        if not trace.get_current_span().is_recording():
            return
        span = self._tracer.start_span(
            statement.split(maxsplit=1)[0].upper() if statement.strip() else "SQL",
            kind=SpanKind.CLIENT,
            # Values travel apart from the statement and stay out of it.
            attributes={
                "db.system.name": "postgresql",
                "db.query.text": statement[:STATEMENT_CHARS],
            },
        )
        connection.info.setdefault(STATEMENTS, []).append(span)

    def _after(self, connection: Any, *_: Any) -> None:
        waiting = connection.info.get(STATEMENTS)
        if waiting:
            waiting.pop().end()

    def _failed(self, context: Any) -> None:
        waiting = context.connection.info.get(STATEMENTS) if context.connection else None
        if waiting:
            span = waiting.pop()
            span.set_status(StatusCode.ERROR, type(context.original_exception).__name__)
            span.end()
