"""Traces, where they are configured: one switch, and nothing imported while it is off."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Protocol

from config.settings import Settings, SettingsError

# The variable every OpenTelemetry program knows; ours goes first.
STANDARD_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES_PATH = "/v1/traces"
MISSING = "needs OpenTelemetry's packages: pip install -r requirements/tracing.txt"

log = logging.getLogger(__name__)


class Span(Protocol):
    """Something that takes time."""

    def set_attribute(self, name: str, value: Any) -> None:
        """Say something of it: numbers, names and ids, never text that a reader wrote."""
        ...


class Tracing(Protocol):
    """Measures what a request, a job or a statement takes, and sends it to a collector."""

    def span(
        self,
        name: str,
        *,
        kind: str = "internal",
        parent: Mapping[str, Any] | None = None,
        attributes: Mapping[str, str | int] | None = None,
    ) -> AbstractContextManager[Span]:
        """Measure a block. `kind`: internal, server, consumer; `parent`: headers that came in."""
        ...

    def inject(self, headers: dict[str, str]) -> None:
        """Add what continues the present trace elsewhere (W3C trace context)."""
        ...

    def close(self) -> None:
        """Send what was measured, and measure no more."""
        ...


_running: list[Tracing] = []


def tracing() -> Tracing | None:
    """This process's tracing; None where it is off."""
    return _running[0] if _running else None


def start_tracing(settings: Settings, service: str) -> Tracing | None:
    """Begin to trace where an endpoint is set; a second call changes nothing.

    Call it after a fork: it has a thread of its own. Raises SettingsError where
    PARLEY_OTEL_ENDPOINT is set and the packages are missing.
    """
    if _running:
        return _running[0]
    endpoint = settings.otel_endpoint or os.environ.get(STANDARD_VARIABLE, "")
    if not endpoint:
        return None
    try:
        module = import_module("service.adapters.tracing_otel")
    except ModuleNotFoundError as error:
        if settings.otel_endpoint:
            raise SettingsError([f"PARLEY_OTEL_ENDPOINT {MISSING}"]) from error
        # Set for a whole machine or cluster, not for us: that must not stop anything.
        log.warning("%s is set; tracing %s", STANDARD_VARIABLE, MISSING)
        return None
    started: Tracing = module.OtelTracing(endpoint.rstrip("/") + TRACES_PATH, service)
    _running.append(started)
    return started


def stop_tracing() -> None:
    """Send what is left and switch it off."""
    while _running:
        _running.pop().close()
