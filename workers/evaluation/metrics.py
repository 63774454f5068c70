"""Ranking and decision measures on arrays of labels and scores; numpy only.

Every function takes `labels` (bool, True = positive) and `scores` (float, higher = more
positive) of equal length. A measure that is not defined for the input is None, never a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.bool_]
Scores = NDArray[np.float64]

BOOTSTRAP_ROUNDS = 1000
INTERVAL_TAIL = 2.5  # percent left out on each side of a 95 % interval


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its bootstrap 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """How a rule with one number acts on a set. Shares are 0–1, None where undefined."""

    label: str
    comparison: str
    threshold: float
    flagged: float
    precision: float | None
    recall: float | None
    f1: float | None
    specificity: float | None


def _both_classes(labels: Labels) -> bool:
    return bool(labels.any()) and not bool(labels.all())


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Labels in ascending order of score, and where each group of equal scores starts."""

    positive: NDArray[np.float64]
    starts: NDArray[np.intp]
    order: NDArray[np.intp]


def _rank(labels: Labels, scores: Scores) -> _Ranked:
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    new_value = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    return _Ranked(labels[order].astype(np.float64), np.flatnonzero(new_value), order)


def _weighted_auc(ranked: _Ranked, weights: NDArray[np.float64]) -> float:
    """Share of (positive, negative) pairs in the right order; a tie counts half."""
    positive = np.add.reduceat(weights * ranked.positive, ranked.starts)
    negative = np.add.reduceat(weights * (1.0 - ranked.positive), ranked.starts)
    negatives_below = np.cumsum(negative) - negative
    pairs = positive.sum() * negative.sum()
    if not pairs:
        return float("nan")
    return float((positive * (negatives_below + negative / 2)).sum() / pairs)


def roc_auc(labels: Labels, scores: Scores) -> float | None:
    """Area under the ROC curve (Mann–Whitney U over all pairs); None for one class."""
    if not _both_classes(labels):
        return None
    return _weighted_auc(_rank(labels, scores), np.ones(len(labels)))


def _resampled(size: int, rounds: int, seed: int) -> Any:
    random = np.random.default_rng(seed)
    for _ in range(rounds):
        drawn = random.integers(0, size, size)
        yield np.bincount(drawn, minlength=size).astype(np.float64)


def _interval(value: float, draws: list[float]) -> Interval:
    known = np.array(draws)
    known = known[~np.isnan(known)]
    if not len(known):
        return Interval(value, value, value)
    low, high = np.percentile(known, [INTERVAL_TAIL, 100 - INTERVAL_TAIL])
    return Interval(value, float(low), float(high))


def roc_auc_interval(
    labels: Labels, scores: Scores, *, seed: int, rounds: int = BOOTSTRAP_ROUNDS
) -> Interval | None:
    """ROC-AUC with a percentile bootstrap over rows (Efron 1979); None for one class."""
    if not _both_classes(labels):
        return None
    ranked = _rank(labels, scores)
    value = _weighted_auc(ranked, np.ones(len(labels)))
    draws = [
        _weighted_auc(ranked, weights[ranked.order])
        for weights in _resampled(len(labels), rounds, seed)
    ]
    return _interval(value, draws)


def roc_auc_difference(
    labels: Labels, first: Scores, second: Scores, *, seed: int, rounds: int = BOOTSTRAP_ROUNDS
) -> Interval | None:
    """AUC of `second` minus AUC of `first`, paired: both see the same resampled rows."""
    if not _both_classes(labels):
        return None
    one, other = _rank(labels, first), _rank(labels, second)
    ones = np.ones(len(labels))
    draws = [
        _weighted_auc(other, weights[other.order]) - _weighted_auc(one, weights[one.order])
        for weights in _resampled(len(labels), rounds, seed)
    ]
    return _interval(_weighted_auc(other, ones) - _weighted_auc(one, ones), draws)


def average_precision(labels: Labels, scores: Scores) -> float | None:
    """Sum over thresholds of (recall step x precision); None without a positive row."""
    if not labels.any():
        return None
    ranked = _rank(labels, -scores)
    hits = np.cumsum(np.add.reduceat(ranked.positive, ranked.starts))
    ends = np.append(ranked.starts[1:], len(labels))
    steps = np.diff(hits, prepend=0.0) / hits[-1]
    return float((steps * hits / ends).sum())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def flags(scores: Scores, comparison: str, threshold: float) -> Labels:
    """Which scores a rule `score <comparison> threshold` matches; `>` and `>=` are known."""
    if comparison == ">":
        return scores > threshold
    if comparison == ">=":
        return scores >= threshold
    raise ValueError(f"unknown comparison {comparison!r}")


def at_threshold(
    labels: Labels, scores: Scores, *, label: str, comparison: str, threshold: float
) -> AtThreshold:
    """Precision, recall, F1 and specificity of the rule `label comparison threshold`."""
    flagged = flags(scores, comparison, threshold)
    hits = int((flagged & labels).sum())
    precision = _share(hits, int(flagged.sum()))
    recall = _share(hits, int(labels.sum()))
    f1 = None
    if precision is not None and recall is not None:
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return AtThreshold(
        label=label,
        comparison=comparison,
        threshold=threshold,
        flagged=float(flagged.mean()) if len(flagged) else 0.0,
        precision=precision,
        recall=recall,
        f1=f1,
        specificity=_share(int((~flagged & ~labels).sum()), int((~labels).sum())),
    )


def caught_at_false_alarms(labels: Labels, scores: Scores, false_alarms: float) -> float | None:
    """Recall at the strictest cut that flags at most `false_alarms` (0–1) of the negatives."""
    if not _both_classes(labels):
        return None
    negatives = np.sort(scores[~labels])[::-1]
    allowed = int(false_alarms * len(negatives))
    cut = negatives[allowed] if allowed < len(negatives) else -np.inf
    return float((scores[labels] > cut).mean())
