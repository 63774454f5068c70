"""Parley's own routes, as its workers run them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from service.domain.scoring import ArticleVectors, Assessment, ScoreInput
from workers.bench.scoring_routes import Place, ScoreTexts, Values
from workers.bench.scoring_texts import drawn
from workers.scorers.cascade import MAIN_LABEL, Cascade
from workers.scorers.detoxify import DetoxifyOnnx
from workers.scorers.encoder import Encoder
from workers.scorers.engine import ENCODER, load_engine
from workers.scorers.registry import CascadeBand, load_registry
from workers.scorers.text_scorer import TextScorer, TextScores
from workers.scorers.toxicity_models import COMPACT, load_toxicity_model

BATCH = 64  # comments a worker claims at a time (setting scoring_batch_size)
UNKNOWN = -1.0
UNSURE, SURE = 0.25, 0.75  # stand-ins for compact's verdict, inside and above the band
ARTICLE = (
    "Council votes to move the bus station",
    "The council voted to move the bus station next year.",
    "Shops near the bridge fear that they will lose trade.",
    "Drivers say that the new street is too narrow for two buses.",
)


def _in_batches(score: Callable[[Sequence[str]], Values]) -> ScoreTexts:
    def whole(texts: Sequence[str]) -> Values:
        return np.concatenate([score(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)])

    return whole


def _values_of(model: TextScorer) -> ScoreTexts:
    return _in_batches(lambda texts: model.score_texts(texts).values)


def _exported(place: Place, name: str) -> DetoxifyOnnx:
    return DetoxifyOnnx(name, place.models_dir / name, threads=place.threads, languages=())


def onnx_fp32(place: Place) -> ScoreTexts:
    """The exact route of the same Detoxify model."""
    return _values_of(_exported(place, "bench-fp32"))


def onnx_int8(place: Place) -> ScoreTexts:
    """The fast route of the same Detoxify model."""
    return _values_of(_exported(place, "bench-int8"))


def _compact(place: Place) -> TextScorer:
    return load_toxicity_model(load_registry(place.models_dir), COMPACT, place.threads)


def compact(place: Place) -> ScoreTexts:
    """The model that ships, alone."""
    return _values_of(_compact(place))


class _Settings:
    """What load_engine asks of the settings."""

    def __init__(self, models_dir: Path, threads: int) -> None:
        self.models_dir = str(models_dir)
        self.toxicity_scorer = COMPACT
        self.scoring_threads = threads


def _row(assessment: Assessment) -> list[float]:
    values = assessment.values()
    return [values.get(label, UNKNOWN) for label in (MAIN_LABEL, "relevance")]


def compact_relevance(place: Place) -> ScoreTexts:
    """The whole engine as a worker has it: language, normaliser, toxicity and relevance."""
    engine = load_engine(_Settings(place.models_dir, place.threads))
    title, *passages = engine.embed(list(ARTICLE))
    article = ArticleVectors(title=title, passages=passages, passage_texts=ARTICLE[1:])

    def score(texts: Sequence[str]) -> Values:
        found = engine.score([ScoreInput(text, article) for text in texts])
        return np.array([_row(assessment) for assessment in found], dtype=np.float32)

    return _in_batches(score)


def embedding(place: Place) -> ScoreTexts:
    """The sentence encoder alone."""
    folder = load_registry(place.models_dir).verified_folder(ENCODER)
    encoder = Encoder(folder, place.threads, remembered=0)
    return _in_batches(lambda texts: np.asarray(encoder.embed(list(texts)), dtype=np.float32))


class _ByChance:
    """Compact at its full cost, with a verdict drawn from a checksum of the text.

    What compact thinks of invented texts means nothing. The draw makes the share it is unsure
    of the one that was asked for, whatever the length of the texts.
    """

    def __init__(self, model: TextScorer, share: float, salt: int) -> None:
        self._model, self._share, self._salt = model, share, salt
        self.name, self.version, self.calibration = model.name, model.version, model.calibration
        self.labels, self.languages = model.labels, model.languages

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        scores = self._model.score_texts(texts)
        values = scores.values.copy()
        column = list(self.labels).index(MAIN_LABEL)
        unsure = [drawn(text, self._share, self._salt) for text in texts]
        values[:, column] = np.where(unsure, UNSURE, SURE)
        return TextScores(values, scores.windows)


def cascade(place: Place) -> ScoreTexts:
    """Compact, and the exact Detoxify for the given share of texts."""
    first = _ByChance(_compact(place), place.unsure_share, place.unsure_salt)
    band = CascadeBand(UNSURE, SURE)
    return _values_of(Cascade(first, _exported(place, "bench-fp32"), band))
