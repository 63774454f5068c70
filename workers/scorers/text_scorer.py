"""What the engine needs of a toxicity model: texts in, label values and window counts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TextScores:
    """Scores of a list of texts: `values` is (texts, labels) in 0–1, `windows` counts per text."""

    values: NDArray[np.float32]
    windows: Sequence[int]


class TextScorer(Protocol):
    """One toxicity model. A text's scores depend on that text alone."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def calibration(self) -> str: ...
    @property
    def labels(self) -> Sequence[str]: ...
    @property
    def languages(self) -> Sequence[str]: ...

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        """Score texts, in order. May raise; the engine then tries them one by one."""
        ...
