"""Measures a scorer on one labelled set of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from workers.evaluation.bias import Bias, bias
from workers.evaluation.calibration import Calibration, calibration
from workers.evaluation.candidate import HEADLINE, Candidate, Progress, TextScores
from workers.evaluation.functions import FunctionResult, by_function
from workers.evaluation.kinds import Kind
from workers.evaluation.metrics import (
    AtThreshold,
    Interval,
    Labels,
    Scores,
    at_threshold,
    average_precision,
    roc_auc,
    roc_auc_interval,
)
from workers.evaluation.plots import roc_points
from workers.evaluation.rows import MIN_SLICE_ROWS, TextRows
from workers.evaluation.thresholds import Threshold


@dataclass(frozen=True, slots=True)
class SliceResult:
    """One part of a set, or one sub-label on the rows that carry it."""

    name: str
    rows: int
    positive_share: float
    auc: float | None
    average_precision: float | None


@dataclass(frozen=True, slots=True)
class ToxicityResult:
    """Everything measured on one set. Measures that are not defined for it are None."""

    name: str
    rows: int
    toxic_share: float
    seen_in_training: bool
    unknown: Mapping[str, int]
    auc: Interval | None
    average_precision: float | None
    thresholds: tuple[AtThreshold, ...]
    calibration: Calibration | None
    labels: tuple[SliceResult, ...]
    slices: tuple[SliceResult, ...]
    functions: tuple[FunctionResult, ...]
    bias: Bias | None
    clean_changed: float | None
    roc: tuple[tuple[float, float], ...]
    warnings: tuple[str, ...]
    scores: Scores = field(repr=False)  # of every row, NaN where unknown; not saved
    truth: Labels = field(repr=False)


def _slice(name: str, labels: Labels, scores: Scores) -> SliceResult:
    known = ~np.isnan(scores)
    labels, scores = labels[known], scores[known]
    return SliceResult(
        name=name,
        rows=len(labels),
        positive_share=float(labels.mean()) if len(labels) else 0.0,
        auc=roc_auc(labels, scores),
        average_precision=average_precision(labels, scores),
    )


def _sub_labels(rows: TextRows, scored: TextScores) -> tuple[SliceResult, ...]:
    return tuple(
        _slice(label, value[has_it], scored.of[label][has_it])
        for label, (has_it, value) in rows.sub_labels.items()
        if int(has_it.sum()) >= MIN_SLICE_ROWS and not np.isnan(scored.of[label][has_it]).all()
    )


def _other_labels(rows: TextRows, kind: Kind, scored: TextScores) -> tuple[SliceResult, ...]:
    """How well the other labels find what a functional suite calls hateful: for hate without
    harsh words, identity_attack says more than toxicity."""
    if kind is not Kind.FUNCTIONS:
        return ()
    return tuple(
        _slice(f"{label}, read as hate", rows.toxic, scores)
        for label, scores in scored.of.items()
        if label != HEADLINE and not np.isnan(scores).all()
    )


def _bias(
    rows: TextRows, kind: Kind, scored: TextScores, thresholds: Sequence[Threshold]
) -> Bias | None:
    if kind is not Kind.IDENTITY:
        return None
    known = scored.known()
    texts = [text for text, has_score in zip(rows.texts, known, strict=True) if has_score]
    first = next((t for t in thresholds if t.label == HEADLINE), None)
    return bias(
        texts,
        rows.toxic[known],
        scored.of[HEADLINE][known],
        comparison=first.comparison if first else ">",
        threshold=first.value if first else None,
    )


def _at_thresholds(
    rows: TextRows, scored: TextScores, thresholds: Sequence[Threshold]
) -> tuple[AtThreshold, ...]:
    """Each toxicity threshold against the set's label; a sub-label's against its own column."""
    results = []
    for threshold in thresholds:
        scores = scored.of.get(threshold.label)
        if scores is None:
            continue
        has_it, truth = scored.known(threshold.label), rows.toxic
        if threshold.label != HEADLINE:
            if threshold.label not in rows.sub_labels:
                continue
            labelled, truth = rows.sub_labels[threshold.label]
            has_it = has_it & labelled
        if has_it.any():
            results.append(
                at_threshold(
                    truth[has_it],
                    scores[has_it],
                    label=threshold.label,
                    comparison=threshold.comparison,
                    threshold=threshold.value,
                )
            )
    return tuple(results)


def evaluate_toxicity(
    candidate: Candidate,
    rows: TextRows,
    kind: Kind,
    thresholds: Sequence[Threshold],
    *,
    seen: bool,
    seed: int,
    progress: Progress | None = None,
) -> ToxicityResult:
    """Score the rows and measure; `seen` marks rows the model was trained on.

    Rows the scorer could not tell are counted and left out.
    """
    scored = candidate.score_texts(rows.texts, progress)
    known = scored.known()
    labels, scores = rows.toxic[known], scored.of[HEADLINE][known]
    clean = ~rows.toxic
    return ToxicityResult(
        name=rows.name,
        rows=len(rows.texts),
        toxic_share=float(rows.toxic.mean()),
        seen_in_training=seen,
        unknown=scored.unknown,
        auc=roc_auc_interval(labels, scores, seed=seed),
        average_precision=average_precision(labels, scores),
        thresholds=_at_thresholds(rows, scored, thresholds),
        calibration=calibration(labels, scores),
        labels=_sub_labels(rows, scored) + _other_labels(rows, kind, scored),
        slices=tuple(
            _slice(name, rows.toxic[mask], scored.of[HEADLINE][mask])
            for name, mask in rows.slices.items()
        ),
        functions=by_function(rows, scored, thresholds) if kind is Kind.FUNCTIONS else (),
        bias=_bias(rows, kind, scored, thresholds),
        clean_changed=float(scored.obfuscated[clean].mean()) if clean.any() else None,
        roc=tuple(roc_points(labels, scores)),
        warnings=rows.warnings,
        scores=scored.of[HEADLINE],
        truth=rows.toxic,
    )
