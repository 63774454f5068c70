"""All scorers of a worker behind one call: which models run is decided here, once, at start."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from service.domain.scoring import (
    EMBEDDING,
    Assessment,
    ModelInUse,
    ScoreInput,
    ScoreResult,
    Vector,
)
from workers.scorers.cascade import Cascade
from workers.scorers.encoder import TOKENIZER_FILE, Encoder
from workers.scorers.isolation import each_alone_if_needed
from workers.scorers.language import LanguageDetector
from workers.scorers.memory import return_freed_memory
from workers.scorers.normaliser import TextNormaliser
from workers.scorers.registry import load_registry
from workers.scorers.relevance import RelevanceScorer
from workers.scorers.toxicity import (
    EMPTY,
    FAILED,
    LANGUAGE,
    ToxicityScorer,
    replace_lone_surrogates,
)
from workers.scorers.toxicity_models import COMPACT, load_toxicity_model

log = logging.getLogger(__name__)

# The sentence vectors of relevance come from compact's own pass, whichever model scores toxicity.
ENCODER, RELEVANCE = COMPACT, "relevance"
NO_ARTICLE = "no_article"


class ScoringSettings(Protocol):
    """The settings the engine reads; config.settings.Settings has them all."""

    @property
    def models_dir(self) -> str: ...
    @property
    def toxicity_scorer(self) -> str: ...
    @property
    def scoring_threads(self) -> int: ...


class ScoringEngine:
    """Toxicity and relevance of comments (the protocol `Engine` of service.domain.scoring)."""

    def __init__(
        self,
        toxicity: ToxicityScorer,
        relevance: RelevanceScorer,
        encoder: Encoder,
        *,
        relevance_languages: Sequence[str] = (),
    ) -> None:
        """Compose loaded scorers; `relevance_languages` empty means any language."""
        self.toxicity = toxicity
        self.relevance = relevance
        self._encoder = encoder
        self._relevance_languages = tuple(relevance_languages)
        self.models: Sequence[ModelInUse] = (
            _in_use("toxicity", toxicity),
            _in_use("relevance", relevance),
            ModelInUse(EMBEDDING, ENCODER, encoder.version, "none"),
        )

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        """Assess a batch, in order. What cannot be scored says why; nothing is raised for it."""
        toxicity = self.toxicity.score(batch)
        vectors = each_alone_if_needed(self._embed_clean, [item.text for item in batch])
        relevance = self._score_relevance(batch, toxicity, vectors)
        return [
            Assessment(toxicity=t, relevance=r, embedding=v)
            for t, r, v in zip(toxicity, relevance, vectors, strict=True)
        ]

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors for article titles and passages. Raises where the encoder does."""
        return list(self._embed_clean(texts))

    def counters(self) -> Mapping[str, int]:
        """What the cascade did so far (empty without one); see workers.scorers.cascade."""
        model = self.toxicity.model
        return model.counters() if isinstance(model, Cascade) else {}

    def _embed_clean(self, texts: Sequence[str]) -> list[Vector]:
        if not texts:
            return []
        return [
            _floats(v) for v in self._encoder.embed([replace_lone_surrogates(t) for t in texts])
        ]

    def _score_relevance(
        self,
        batch: Sequence[ScoreInput],
        toxicity: Sequence[ScoreResult],
        vectors: Sequence[Vector | None],
    ) -> list[ScoreResult]:
        unknown = [
            self._why_unknown(item, result, vector)
            for item, result, vector in zip(batch, toxicity, vectors, strict=True)
        ]
        known = [i for i, reason in enumerate(unknown) if reason is None]
        scored = each_alone_if_needed(
            lambda positions: self.relevance.score_embedded(
                [batch[i] for i in positions], np.asarray([vectors[i] for i in positions])
            ),
            known,
        )
        found = dict(zip(known, scored, strict=True))
        return [
            self._relevance_result(result.language, found.get(i), unknown[i])
            for i, result in enumerate(toxicity)
        ]

    def _why_unknown(
        self, item: ScoreInput, toxicity: ScoreResult, vector: Vector | None
    ) -> str | None:
        if toxicity.unknown == EMPTY:
            return EMPTY
        if item.article is None:
            return NO_ARTICLE
        if vector is None:
            return FAILED
        languages = self._relevance_languages
        return (
            LANGUAGE if languages and (toxicity.language or languages[0]) not in languages else None
        )

    def _relevance_result(
        self, language: str | None, result: ScoreResult | None, unknown: str | None
    ) -> ScoreResult:
        if result is not None:
            return replace(result, language=language)
        used = self.models[1]
        return ScoreResult(
            used.name, used.version, used.calibration, {}, unknown or FAILED, language
        )


def load_engine(settings: ScoringSettings) -> ScoringEngine:
    """Load the scorers that the settings ask for and say which in the log.

    Every file is verified by sha256 before it is opened. Raises ModelError and its children,
    naming the file or the setting.
    """
    registry = load_registry(settings.models_dir)
    threads = settings.scoring_threads or usable_cores()
    folder = registry.verified_folder(ENCODER)
    normaliser = TextNormaliser.from_tokenizer(folder / TOKENIZER_FILE)
    encoder = Encoder(folder, threads)
    model = load_toxicity_model(registry, settings.toxicity_scorer, threads, encoder)
    engine = ScoringEngine(
        ToxicityScorer(model, normaliser, LanguageDetector()),
        RelevanceScorer(encoder, registry.verified_folder(RELEVANCE)),
        encoder,
        relevance_languages=registry.entry(ENCODER).languages,
    )
    return_freed_memory()
    for used in engine.models:
        log.info("scoring %s with %s %s", used.task, used.name, used.version)
    return engine


def usable_cores() -> int:
    """Cores this process may run on; what a container or taskset took away is not counted."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_use(task: str, scorer: ToxicityScorer | RelevanceScorer) -> ModelInUse:
    return ModelInUse(task, scorer.name, scorer.version, scorer.calibration)


def _floats(vector: np.ndarray) -> Vector:
    values: list[float] = vector.tolist()
    return values
