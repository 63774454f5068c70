"""A scoring worker says that it lives, and which models it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from service.domain.scoring import ModelInUse
from service.models import ScorerHeartbeat
from service.usecases.context import Context

FORGOTTEN_AFTER = timedelta(hours=1)


def beat_scorer(
    ctx: Context,
    *,
    worker: str,
    started_at: datetime,
    models: Sequence[ModelInUse],
    problem: str | None = None,
) -> None:
    """Record the worker's heartbeat. `problem` says why it cannot score; None if it can."""
    now = ctx.clock()
    row = {
        "ready": problem is None,
        "models": {model.task: asdict(model) for model in models},
        "problem": problem,
        "started_at": started_at,
        "seen_at": now,
    }
    with ctx.transaction() as tx:
        tx.session.execute(
            insert(ScorerHeartbeat)
            .values(worker=worker, **row)
            .on_conflict_do_update(index_elements=["worker"], set_=row)
        )
        tx.session.execute(
            delete(ScorerHeartbeat).where(ScorerHeartbeat.seen_at < now - FORGOTTEN_AFTER)
        )


def forget_scorer(ctx: Context, *, worker: str) -> None:
    """A worker stops: readiness must not count on it any longer."""
    with ctx.transaction() as tx:
        tx.session.execute(delete(ScorerHeartbeat).where(ScorerHeartbeat.worker == worker))
