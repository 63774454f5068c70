"""Does a score of 0.8 mean 80 %? Expected calibration error, Brier score, reliability bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workers.evaluation.metrics import Labels, Scores

BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of similar score: how many, their mean score, and the share that is positive."""

    rows: int
    mean_score: float
    positive_share: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`ece` and `brier` are 0–1, lower is better; `bins` draw the reliability plot."""

    ece: float
    brier: float
    bins: tuple[Bin, ...]


def calibration(labels: Labels, scores: Scores, bins: int = BINS) -> Calibration | None:
    """Calibration over equal-mass bins (Nixon et al. 2019); None for no rows.

    Bin edges are quantiles of the scores, so equal scores always share a bin and many equal
    scores give fewer bins. ECE is the row-weighted mean of |positive share - mean score|.
    """
    if not len(labels):
        return None
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, bins + 1)[1:-1]))
    which = np.searchsorted(edges, scores, side="left")
    rows = np.bincount(which, minlength=len(edges) + 1)
    score_sums = np.bincount(which, weights=scores, minlength=len(rows))
    positives = np.bincount(which, weights=labels.astype(np.float64), minlength=len(rows))
    filled = [
        Bin(int(n), float(total / n), float(hits / n))
        for n, total, hits in zip(rows, score_sums, positives, strict=True)
        if n
    ]
    ece = sum(b.rows * abs(b.positive_share - b.mean_score) for b in filled) / len(labels)
    brier = float(np.mean((scores - labels) ** 2))
    return Calibration(ece=float(ece), brier=brier, bins=tuple(filled))
