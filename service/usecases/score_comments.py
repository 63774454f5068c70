"""The heart of the worker: take pending comments, score them outside a transaction, settle them."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError

from service.domain.scoring import Assessment, Engine, ScoreResult
from service.usecases.claim_comments import Claimed, claim_comments
from service.usecases.context import Context
from service.usecases.settle_comments import Scored, settle_comments

# A task must end well inside its time limit; what is left after this is left to the next one.
DRAIN_SECONDS = 45.0

log = logging.getLogger(__name__)


def score_comments(ctx: Context, engine: Engine | None) -> int:
    """Score and decide everything that waits; says how many comments were settled.

    `engine` is None where no model could be loaded: comments are then held as unscored.
    The nudge is cleared before looking, so that a comment committed after the last look has
    nudged again: none is forgotten.
    """
    ctx.queue.clear_nudge()
    settled = 0
    end = time.monotonic() + DRAIN_SECONDS
    while claimed := claim_comments(ctx):
        settled += _settle(ctx, _assess(ctx, engine, claimed))
        if time.monotonic() > end:
            ctx.queue.nudge_scoring()
            break
    return settled


def _settle(ctx: Context, scored: Sequence[Scored]) -> int:
    """Settle a batch; where that fails, one by one, so that one comment fails alone.

    The one that failed keeps its lease, is tried again, and is held after the last try.
    """
    try:
        return settle_comments(ctx, scored)
    except OperationalError:
        raise  # the database is away: the leases end and the sweep starts over
    except Exception as error:  # whatever it is, the neighbours go on
        log.warning("a batch could not be settled at once: %s", type(error).__name__)
    return sum(_settle_alone(ctx, one) for one in scored)


def _settle_alone(ctx: Context, scored: Scored) -> int:
    try:
        return settle_comments(ctx, [scored])
    except OperationalError:
        raise
    except Exception as error:  # it is tried again, and held after the last try
        log.error(
            "comment %s could not be settled: %s", scored.claimed.comment_id, type(error).__name__
        )
        return 0


def _assess(ctx: Context, engine: Engine | None, claimed: Sequence[Claimed]) -> list[Scored]:
    fit = [c for c in claimed if engine is not None and not c.tried_too_often]
    reason = "no_model" if engine is None else "failed"
    assessments: list[Assessment] = []
    if engine is not None and fit:
        started = time.perf_counter()
        assessments = engine.score([c.input for c in fit])
        ctx.metrics.record_scoring(time.perf_counter() - started, len(fit))
    found = {c.comment_id: a for c, a in zip(fit, assessments, strict=True)}
    return [Scored(c, found.get(c.comment_id) or unscored(reason)) for c in claimed]


def unscored(reason: str) -> Assessment:
    """What is known of a comment no model has read."""
    nothing = ScoreResult(model="none", version="", calibration="", values={}, unknown=reason)
    return Assessment(toxicity=nothing, relevance=nothing)
