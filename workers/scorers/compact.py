"""`compact`, the toxicity model that ships with the project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import ScoreInput, ScoreResult
from workers.scorers.ngrams import LinearModel

DESCRIPTION_FILE = "model.json"
LINEAR_FILE = "ngrams.npz"
EMPTY = "empty"


class CompactScorer:
    """Toxicity labels of English comments (the protocol `Scorer` of service.domain.scoring)."""

    name = "compact"

    def __init__(self, folder: Path | str, threads: int = 1) -> None:
        """Open the model in `folder` with `threads` threads; raises where a file is missing."""
        folder = Path(folder)
        description: dict[str, Any] = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
        self.version: str = description["version"]
        self.labels: tuple[str, ...] = tuple(description["labels"])
        self.calibration: str = description["calibration"]["id"]
        curves = [description["calibration"]["curves"][label] for label in self.labels]
        self._slopes = np.array([curve["slope"] for curve in curves], dtype=np.float32)
        self._offsets = np.array([curve["offset"] for curve in curves], dtype=np.float32)
        self._linear = LinearModel(folder / LINEAR_FILE)

    def score_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Calibrated probabilities (texts, labels), in order; raw texts, not normalised here.

        A row depends on its own text alone.
        """
        if not texts:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        logits = self._linear.logits(texts) * self._slopes + self._offsets
        probabilities: NDArray[np.float32] = 1 / (1 + np.exp(-logits))
        return probabilities

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        """Score a batch, in order; a text without any visible sign is unknown."""
        values = self.score_texts([item.text for item in batch])
        return [self._result(item.text, row) for item, row in zip(batch, values, strict=True)]

    def _result(self, text: str, row: NDArray[np.float32]) -> ScoreResult:
        if not text.strip():
            return ScoreResult(self.name, self.version, self.calibration, {}, unknown=EMPTY)
        scores = dict(zip(self.labels, row.tolist(), strict=True))
        return ScoreResult(self.name, self.version, self.calibration, scores)
