"""`compact`, the toxicity model that ships: heads of the encoder beside an n-gram model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.scorers.encoder import Encoder
from workers.scorers.ngrams import LinearModel
from workers.scorers.text_scorer import TextScores

DESCRIPTION_FILE = "model.json"
LINEAR_FILE = "ngrams.npz"
NGRAMS = "ngrams"


@dataclass(frozen=True, slots=True)
class Description:
    """What model.json says: how outputs become labels and scores become probabilities."""

    version: str
    calibration: str
    labels: tuple[str, ...]
    mix: NDArray[np.float32]  # (heads, labels)
    ngram_weights: NDArray[np.float32]  # (labels,)
    slopes: NDArray[np.float32]
    offsets: NDArray[np.float32]


def read_description(path: Path) -> Description:
    """Read model.json; raises KeyError where a part is missing."""
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    labels, heads, curves = raw["labels"], raw["heads"], raw["calibration"]["curves"]
    mix: Mapping[str, Mapping[str, float]] = raw["mix"]
    rows = [[mix[label].get(head, 0.0) for label in labels] for head in (*heads, NGRAMS)]
    weights = np.array(rows, dtype=np.float32)
    return Description(
        version=raw["version"],
        calibration=raw["calibration"]["id"],
        labels=tuple(labels),
        mix=weights[:-1],
        ngram_weights=weights[-1],
        slopes=np.array([curves[label]["slope"] for label in labels], dtype=np.float32),
        offsets=np.array([curves[label]["offset"] for label in labels], dtype=np.float32),
    )


class CompactScorer:
    """Toxicity labels of comments, one `TextScorer` among others."""

    name = "compact"

    def __init__(
        self, folder: Path | str, encoder: Encoder | None = None, languages: Sequence[str] = ()
    ) -> None:
        """Open the model in `folder`; raises where a file is missing.

        `encoder` is the one of the same folder where relevance has opened it already.
        `languages` (ISO 639-1) are those the model can read; none means any.
        """
        folder = Path(folder)
        self._about = read_description(folder / DESCRIPTION_FILE)
        self.version = self._about.version
        self.labels = self._about.labels
        self.calibration = self._about.calibration
        self.languages = tuple(languages)
        self._encoder = encoder or Encoder(folder)
        self._linear = LinearModel(folder / LINEAR_FILE)

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        """Calibrated probabilities (texts, labels), in order; raw texts, not normalised here.

        A long text is read in overlapping windows and its most toxic window counts. A row
        depends on its own text alone.
        """
        if not texts:
            return TextScores(np.zeros((0, len(self.labels)), dtype=np.float32), [])
        reading = self._encoder.read(texts)
        linear = self._linear.logits(texts) * self._about.ngram_weights
        logits = (reading.heads @ self._about.mix + linear) * self._about.slopes
        return TextScores(1 / (1 + np.exp(-logits - self._about.offsets)), reading.windows)
