"""Detoxify as its users call it, on the benchmark's checkpoint. Needs requirements/detoxify.txt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from detoxify import Detoxify

from workers.bench.scoring_routes import Place, ScoreTexts, Values

BATCH = 32


def _model(place: Place) -> Detoxify:
    return Detoxify(checkpoint=str(place.checkpoint), huggingface_config_path=str(place.hub_folder))


def _rows(predicted: dict[str, list[float] | float]) -> Values:
    """One row per text; for a list of one text Detoxify gives numbers instead of lists."""
    columns = np.array(list(predicted.values()), dtype=np.float32)
    return columns.reshape(len(predicted), -1).T


def one_by_one(place: Place) -> ScoreTexts:
    """`predict(text)` for each text."""
    model = _model(place)

    def score(texts: Sequence[str]) -> Values:
        return np.array([list(model.predict(text).values()) for text in texts], dtype=np.float32)

    return score


def in_batches(place: Place) -> ScoreTexts:
    """`predict(list)` for 32 texts at a time, in the order they came."""
    model = _model(place)

    def score(texts: Sequence[str]) -> Values:
        chunks = (list(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH))
        return np.concatenate([_rows(model.predict(chunk)) for chunk in chunks])

    return score
