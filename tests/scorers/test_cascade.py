"""Compact first, the second model only where the first is unsure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from workers.scorers.cascade import Cascade
from workers.scorers.registry import CascadeBand
from workers.scorers.text_scorer import TextScores


class TableModel:
    """Scores read from a table."""

    version = "1"
    calibration = "none"

    def __init__(
        self,
        name: str,
        table: dict[str, Sequence[float]],
        labels: Sequence[str] = ("toxicity",),
        languages: Sequence[str] = (),
        windows: int = 1,
    ) -> None:
        self.name = name
        self.labels = tuple(labels)
        self.languages = tuple(languages)
        self._table = table
        self._windows = windows
        self.asked: list[str] = []

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        self.asked += texts
        values = np.array([self._table[text] for text in texts], dtype=np.float32)
        return TextScores(
            values.reshape(len(texts), len(self.labels)), [self._windows] * len(texts)
        )


BAND = CascadeBand(unsure_from=0.2, unsure_to=0.8)


def both() -> tuple[TableModel, TableModel]:
    first = TableModel("first", {"calm": [0.1], "unsure": [0.4], "sure": [0.95]})
    second = TableModel(
        "second", {"unsure": [0.9, 0.3]}, labels=("toxicity", "sexual_explicit"), windows=3
    )
    return first, second


def test_only_the_unsure_are_asked_again() -> None:
    first, second = both()
    Cascade(first, second, BAND).score_texts(["calm", "unsure", "sure"])
    assert second.asked == ["unsure"]


def test_the_second_models_scores_count_where_it_was_asked() -> None:
    scores = Cascade(*both(), BAND).score_texts(["calm", "unsure", "sure"])
    assert scores.values[:, 0].tolist() == pytest.approx([0.1, 0.9, 0.95])
    assert list(scores.windows) == [1, 3, 1]


def test_labels_of_both_models_are_there() -> None:
    cascade = Cascade(*both(), BAND)
    assert cascade.labels == ("toxicity", "sexual_explicit")
    assert cascade.score_texts(["calm", "unsure"]).values[:, 1].tolist() == pytest.approx([0, 0.3])


def test_it_counts_what_it_saved_and_how_often_they_disagreed() -> None:
    cascade = Cascade(*both(), BAND)
    cascade.score_texts(["calm", "unsure"])
    cascade.score_texts(["sure"])
    assert cascade.counters() == {"seen": 3, "asked_again": 1, "disagreed": 1}


def test_a_score_does_not_depend_on_the_rest_of_the_batch() -> None:
    cascade = Cascade(*both(), BAND)
    together = cascade.score_texts(["calm", "unsure", "sure"]).values
    alone = np.concatenate([cascade.score_texts([t]).values for t in ("calm", "unsure", "sure")])
    assert np.array_equal(together, alone)


def test_it_knows_the_languages_that_both_know() -> None:
    first = TableModel("first", {}, languages=("en",))
    second = TableModel("second", {}, languages=("fr", "en"))
    assert Cascade(first, second, BAND).languages == ("en",)
