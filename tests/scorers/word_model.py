"""A toxicity model small enough to read: it knows a handful of words, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workers.scorers.text_scorer import TextScores

LABELS = ("toxicity", "insult")
BAD_WORDS = {"idiot": (0.9, 0.8), "stupid": (0.7, 0.6), "trash": (0.6, 0.3)}
CALM = (0.05, 0.02)


class WordModel:
    """Scores a text by the worst word in it. Refuses texts with `poison` in them."""

    name = "words"
    version = "1"
    calibration = "none"
    labels: Sequence[str] = LABELS

    def __init__(self, languages: Sequence[str] = ("en",), poison: str | None = None) -> None:
        self.languages = tuple(languages)
        self.poison = poison
        self.asked: list[str] = []

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        """The largest values of any known word in each text."""
        self.asked += texts
        if self.poison and any(self.poison in text for text in texts):
            raise RuntimeError("a text the model cannot take")
        rows = [self._row(text) for text in texts]
        values = np.array(rows, dtype=np.float32).reshape(len(texts), len(LABELS))
        return TextScores(values, [1] * len(texts))

    def _row(self, text: str) -> tuple[float, ...]:
        words = [word.strip(".,!?").lower() for word in text.split()]
        found = [BAD_WORDS[word] for word in words if word in BAD_WORDS]
        return max(found, default=CALM)
