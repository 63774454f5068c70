"""Ranking and calibration figures, on plain arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CALIBRATION_BINS = 10


def roc_auc(wanted: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Chance that a wanted row scores above another, ties counting half; NaN without both."""
    order = np.argsort(scores, kind="stable")
    _, first, counts = np.unique(scores[order], return_index=True, return_counts=True)
    ranks = np.empty(len(scores))
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    yes, no = int(wanted.sum()), int((~wanted).sum())
    if not yes or not no:
        return float("nan")
    return float((ranks[wanted].sum() - yes * (yes + 1) / 2) / (yes * no))


def expected_calibration_error(
    wanted: NDArray[np.bool_],
    probabilities: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> float:
    """Mean gap between probability and share of wanted rows over ten bins of equal width."""
    bins = np.minimum((probabilities * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [
        abs(float((weights * (probabilities - wanted))[bins == number].sum()))
        for number in np.unique(bins)
    ]
    return sum(gaps) / float(weights.sum())
