"""The heart of the worker: take pending comments, score them outside a transaction, settle them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from service.domain.scoring import Assessment, Engine, ScoreResult
from service.usecases.claim_comments import Claimed, claim_comments
from service.usecases.context import Context
from service.usecases.settle_comments import Scored, settle_comments


def score_comments(ctx: Context, engine: Engine | None) -> int:
    """Score and decide everything that waits; says how many comments were settled.

    `engine` is None where no model could be loaded: comments are then held as unscored.
    The nudge is cleared before looking, so that a comment committed after the last look has
    nudged again: none is forgotten.
    """
    ctx.queue.clear_nudge()
    settled = 0
    while claimed := claim_comments(ctx):
        settled += settle_comments(ctx, _assess(ctx, engine, claimed))
    return settled


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
