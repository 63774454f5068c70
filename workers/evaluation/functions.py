"""HateCheck (Röttger et al. 2021): one capability at a time, as recall or specificity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workers.evaluation.candidate import HEADLINE, TextScores
from workers.evaluation.metrics import flags
from workers.evaluation.rows import TextRows
from workers.evaluation.thresholds import Threshold

COLUMN = "functionality"
HATEFUL_FROM = 0.5  # share of toxic rows from which a function counts as hateful


@dataclass(frozen=True, slots=True)
class FunctionResult:
    """One function. `right` maps a threshold to the share of rows handled as they should be:
    recall where the function is hateful, specificity where it is not."""

    function: str
    hateful: bool
    rows: int
    mean_score: float
    right: Mapping[str, float]


def by_function(
    rows: TextRows, scored: TextScores, thresholds: Sequence[Threshold]
) -> tuple[FunctionResult, ...]:
    """Every function of the suite, in alphabetical order; a row without a score is not flagged."""
    scores = np.nan_to_num(scored.of[HEADLINE], nan=0.0)
    names = np.array([str(name) for name in rows.columns[COLUMN]])
    results = []
    for function in sorted(set(names.tolist())):
        here = names == function
        hateful = bool(rows.toxic[here].mean() >= HATEFUL_FROM)
        right = {
            f"{t.comparison} {t.value:g}": float(
                (flags(scores[here], t.comparison, t.value) == rows.toxic[here]).mean()
            )
            for t in thresholds
            if t.label == HEADLINE
        }
        results.append(
            FunctionResult(function, hateful, int(here.sum()), float(scores[here].mean()), right)
        )
    return tuple(results)
