"""Compact first; Detoxify only where compact is unsure. Counts what that saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from workers.scorers.registry import CascadeBand
from workers.scorers.text_scorer import TextScorer, TextScores

MAIN_LABEL = "toxicity"
# Where the two are said to disagree: one calls a text toxic at this score, the other does not.
VERDICT_AT = 0.5


@dataclass(slots=True)
class CascadeCounters:
    """Since the process started: texts seen, texts asked again, and verdicts that then differed."""

    seen: int = 0
    asked_again: int = 0
    disagreed: int = 0


class Cascade:
    """Two models as one. A text's scores still depend on that text alone."""

    def __init__(self, first: TextScorer, second: TextScorer, band: CascadeBand) -> None:
        """`second` is asked where `first` puts toxicity inside `band`."""
        self._first = first
        self._second = second
        self._band = band
        self._counts = CascadeCounters()
        self.name = f"cascade({first.name}, {second.name})"
        bounds = f"{band.unsure_from:g}-{band.unsure_to:g}"
        self.version = f"{first.version}/{second.version}/{bounds}"
        self.calibration = first.calibration
        self.labels: Sequence[str] = tuple(dict.fromkeys((*first.labels, *second.labels)))
        self.languages = _common(first.languages, second.languages)

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        """The second model's scores where it was asked, the first one's everywhere else.

        A label that only one of them knows is that one's, or 0 where it was not asked.
        """
        first = self._first.score_texts(texts)
        toxicity = first.values[:, list(self._first.labels).index(MAIN_LABEL)]
        unsure = np.flatnonzero(
            (toxicity >= self._band.unsure_from) & (toxicity < self._band.unsure_to)
        )
        values = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        values[:, self._columns(self._first)] = first.values
        windows = list(first.windows)
        if len(unsure):
            second = self._second.score_texts([texts[i] for i in unsure.tolist()])
            values[np.ix_(unsure, np.array(self._columns(self._second)))] = second.values
            for i, count in zip(unsure.tolist(), second.windows, strict=True):
                windows[i] = count
        self._count(toxicity[unsure], values[unsure, self.labels.index(MAIN_LABEL)], len(texts))
        return TextScores(values, windows)

    def counters(self) -> Mapping[str, int]:
        """`seen`, `asked_again` and `disagreed` since the process started."""
        return asdict(self._counts)

    def _columns(self, model: TextScorer) -> list[int]:
        return [self.labels.index(label) for label in model.labels]

    def _count(self, before: np.ndarray, after: np.ndarray, seen: int) -> None:
        self._counts.seen += seen
        self._counts.asked_again += len(before)
        self._counts.disagreed += int(((before >= VERDICT_AT) != (after >= VERDICT_AT)).sum())


def _common(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Languages both can read; an empty list means any."""
    if not first or not second:
        return tuple(first or second)
    return tuple(language for language in first if language in second)
