"""Does naming a group change the score? Identity-term AUCs of Borkan et al. 2019.

"Nuanced Metrics for Measuring Unintended Bias", arXiv 1903.04561: subgroup, BPSN and BNSP
AUC per term, and their generalised mean with power -5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from workers.evaluation.metrics import Labels, Scores, flags, roc_auc

TERMS_FILE = Path(__file__).with_name("identity_terms.txt")
POWER = -5.0
SHARE_OF_EACH = 0.25
MIN_ROWS_OF_A_CLASS = 5


@dataclass(frozen=True, slots=True)
class TermBias:
    """One identity term. AUCs are 0–1; `false_alarm_gap` is its false-alarm rate minus all's."""

    term: str
    rows: int
    subgroup: float | None
    bpsn: float | None
    bnsp: float | None
    false_alarm_gap: float | None


@dataclass(frozen=True, slots=True)
class Bias:
    """All terms, the power means over them, and the combined figure (None if undefined)."""

    terms: tuple[TermBias, ...]
    overall: float | None
    subgroup: float | None
    bpsn: float | None
    bnsp: float | None
    combined: float | None


@cache
def identity_terms() -> tuple[str, ...]:
    """The terms looked for, one per line of the file; `#` starts a comment."""
    lines = TERMS_FILE.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def terms_in(texts: Sequence[str]) -> dict[str, Labels]:
    """For each term, which texts name it as a whole word; the longest term wins an overlap."""
    longest_first = sorted(identity_terms(), key=len, reverse=True)
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)
    found = [{name.lower() for name in pattern.findall(text)} for text in texts]
    masks = {
        term: np.fromiter((term in names for names in found), dtype=bool, count=len(found))
        for term in identity_terms()
    }
    return {term: mask for term, mask in masks.items() if mask.any()}


def power_mean(values: Sequence[float | None]) -> float | None:
    """Generalised mean with power -5: close to the worst term. None without a value."""
    known = np.array([value for value in values if value is not None], dtype=np.float64)
    if not len(known):
        return None
    if (known <= 0).any():
        return 0.0
    return float(np.mean(known**POWER) ** (1 / POWER))


def _auc_of(rows: Labels, labels: Labels, scores: Scores) -> float | None:
    chosen = labels[rows]
    if min(int(chosen.sum()), int((~chosen).sum())) < MIN_ROWS_OF_A_CLASS:
        return None
    return roc_auc(chosen, scores[rows])


def _false_alarms(rows: Labels, labels: Labels, flagged: Labels) -> float | None:
    harmless = rows & ~labels
    return float(flagged[harmless].mean()) if harmless.any() else None


def _term(
    term: str, named: Labels, labels: Labels, scores: Scores, flagged: Labels | None
) -> TermBias:
    gap = None
    if flagged is not None:
        here = _false_alarms(named, labels, flagged)
        everywhere = _false_alarms(np.ones_like(named), labels, flagged)
        gap = None if here is None or everywhere is None else here - everywhere
    return TermBias(
        term=term,
        rows=int(named.sum()),
        subgroup=_auc_of(named, labels, scores),
        bpsn=_auc_of((named & ~labels) | (~named & labels), labels, scores),
        bnsp=_auc_of((named & labels) | (~named & ~labels), labels, scores),
        false_alarm_gap=gap,
    )


def bias(
    texts: Sequence[str],
    labels: Labels,
    scores: Scores,
    *,
    comparison: str = ">",
    threshold: float | None = None,
) -> Bias | None:
    """Bias of every identity term the texts name; None where they name none.

    BPSN ranks background positives against subgroup negatives (low: harmless mentions of the
    group score too high); BNSP background negatives against subgroup positives. An AUC with
    fewer than five rows of a class is None. With a `threshold` the false-alarm gap is given.
    """
    masks = terms_in(texts)
    if not masks:
        return None
    flagged = None if threshold is None else flags(scores, comparison, threshold)
    terms = tuple(_term(term, mask, labels, scores, flagged) for term, mask in masks.items())
    overall = roc_auc(labels, scores)
    means = [
        power_mean([term.subgroup for term in terms]),
        power_mean([term.bpsn for term in terms]),
        power_mean([term.bnsp for term in terms]),
    ]
    parts = [overall, *means]
    combined = None
    if all(part is not None for part in parts):
        combined = sum(SHARE_OF_EACH * part for part in parts if part is not None)
    return Bias(terms, overall, means[0], means[1], means[2], combined)
