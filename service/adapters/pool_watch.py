"""Tells metrics how many database connections a process has in use."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

from service.adapters.metrics import Metrics


def watch_pool(engine: Engine, metrics: Metrics, *, most: int) -> None:
    """Count connections as they leave the pool and come back. `most` is what the pool may hold."""

    def taken(*_: Any) -> None:
        metrics.record_connections(1)

    def given_back(*_: Any) -> None:
        metrics.record_connections(-1)

    metrics.record_connection_limit(most)
    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)
