"""A second toxicity model beside the one in force: its scores are stored and decide nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from service.domain.scoring import Assessment, Engine, ModelInUse, ScoreInput, Scorer, Vector
from workers.scorers.encoder import TOKENIZER_FILE
from workers.scorers.engine import ENCODER, ScoringSettings, usable_cores
from workers.scorers.language import LanguageDetector
from workers.scorers.normaliser import TextNormaliser
from workers.scorers.registry import load_registry
from workers.scorers.toxicity import ToxicityScorer
from workers.scorers.toxicity_models import load_toxicity_model

log = logging.getLogger(__name__)


class ShadowedEngine:
    """An engine, and a scorer whose answers travel beside its own.

    Whatever happens to the shadow, the assessment of the engine in force is the same as
    without it.
    """

    def __init__(self, engine: Engine, shadow: Scorer) -> None:
        self._engine = engine
        self._shadow = shadow
        self.models: Sequence[ModelInUse] = (
            *engine.models,
            ModelInUse("shadow", shadow.name, shadow.version, ""),
        )

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        """Assess a batch, in order, with the shadow's answer on each."""
        assessments = self._engine.score(batch)
        try:
            answers = self._shadow.score(batch)
        except Exception as error:
            log.warning("the shadow scorer failed on a batch: %s", type(error).__name__)
            return assessments
        return [
            replace(assessment, shadow=answer)
            for assessment, answer in zip(assessments, answers, strict=True)
        ]

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors for article titles and passages."""
        return self._engine.embed(texts)


def load_shadow(settings: ScoringSettings, name: str) -> ToxicityScorer:
    """Load the toxicity scorer `name` as the engine would. Raises ModelError and its children."""
    registry = load_registry(settings.models_dir)
    normaliser = TextNormaliser.from_tokenizer(registry.verified_folder(ENCODER) / TOKENIZER_FILE)
    threads = settings.scoring_threads or usable_cores()
    model = load_toxicity_model(registry, name, threads)
    return ToxicityScorer(model, normaliser, LanguageDetector())
