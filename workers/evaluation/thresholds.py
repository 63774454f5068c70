"""The numbers the guideline rules compare scores with: where precision and recall matter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.scoring import RELEVANCE_LABEL, TOXICITY_LABELS

_LABELS = "|".join((*TOXICITY_LABELS, RELEVANCE_LABEL))
_COMPARISON = re.compile(rf"\bscores\.({_LABELS})\s*(>=|>|<=|<)\s*(\d*\.?\d+)")
_BELOW = ("<", "<=")


@dataclass(frozen=True, slots=True, order=True)
class Threshold:
    """`label comparison value`, for example toxicity > 0.9, and the rules that use it."""

    label: str
    comparison: str
    value: float
    rules: tuple[str, ...] = ()


def thresholds_in(rules: Iterable[tuple[str, str]]) -> list[Threshold]:
    """Thresholds of (rule id, CEL expression) pairs, ordered by label and value.

    Toxicity labels are read where a rule acts above the number, relevance where it acts below.
    """
    used: dict[tuple[str, str, float], list[str]] = {}
    for rule, expression in rules:
        for label, comparison, number in _COMPARISON.findall(expression):
            if (comparison in _BELOW) == (label == RELEVANCE_LABEL):
                used.setdefault((label, comparison, float(number)), []).append(rule)
    return sorted(Threshold(*key, tuple(dict.fromkeys(ids))) for key, ids in used.items())


def toxicity_threshold(value: float) -> Threshold:
    """The threshold of `--threshold`: toxicity at or above `value` (0–1)."""
    return Threshold("toxicity", ">=", value)
