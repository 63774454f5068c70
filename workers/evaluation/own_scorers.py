"""Parley's own scorers, as its workers run them, split so that each half runs alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from config.settings import PREFIX, Settings, SettingsError
from service.domain.errors import Invalid
from service.domain.scoring import ScoreResult
from workers.evaluation.candidate import Candidate, candidate_of
from workers.scorers.encoder import TOKENIZER_FILE, Encoder
from workers.scorers.engine import ENCODER, RELEVANCE, ScoringEngine, usable_cores
from workers.scorers.language import LanguageDetector
from workers.scorers.normaliser import TextNormaliser
from workers.scorers.registry import load_registry
from workers.scorers.relevance import RelevanceScorer
from workers.scorers.scorer_errors import ModelError
from workers.scorers.text_scorer import TextScores
from workers.scorers.toxicity import Prepared, ToxicityScorer
from workers.scorers.toxicity_models import CASCADE, COMPACT, load_toxicity_model
from workers.scorers.training.corpus import is_kept_out

# Settings that the service needs and scoring does not.
UNUSED = {
    f"{PREFIX}DATABASE_URL": "postgresql+psycopg://unused",
    f"{PREFIX}REDIS_URL": "redis://unused",
    f"{PREFIX}SECRET_KEY": "unused" * 8,
}
# Pairs and threads show the same comments many times: each is embedded once per run.
REMEMBERED = 100_000
REGISTRY_FILE = Path(__file__).resolve().parents[2] / "config" / "models.yaml"


def trained_on(models: tuple[str, ...], registry_file: Path = REGISTRY_FILE) -> tuple[str, ...]:
    """Sets named under `trained_on` of these models in the model registry, each once."""
    document: Any = yaml.safe_load(registry_file.read_text(encoding="utf-8")) or {}
    entries = document.get("models") or {}
    names = [name for model in models for name in entries.get(model, {}).get("trained_on") or ()]
    return tuple(dict.fromkeys(names))


class _WithoutEvidence(ToxicityScorer):
    """The scorer of the workers, less the search for the words that drove each score.

    That search scores about ten more texts for each toxic one and changes no score; on sets
    that are half toxic it would be most of the run.
    """

    def _with_evidence(
        self, prepared: Sequence[Prepared], results: Sequence[ScoreResult]
    ) -> list[ScoreResult]:
        return list(results)


class _NoToxicity:
    """Stands in for the toxicity model where only relevance is measured."""

    name, version, calibration = "none", "0", "none"
    labels: Sequence[str] = ("toxicity",)
    languages: Sequence[str] = ()

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        return TextScores(np.zeros((len(texts), 1), dtype=np.float32), [1] * len(texts))


def scoring_settings(scorer: str, environ: Mapping[str, str]) -> Settings:
    """The settings scorers need, without a database or a queue; raises SettingsError."""
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    return Settings.from_env({**UNUSED, **given, f"{PREFIX}TOXICITY_SCORER": scorer})


def load_own(scorer: str, environ: Mapping[str, str]) -> Candidate:
    """One of the scorers that the setting `toxicity_scorer` knows.

    Raises Invalid where there is none of that name or it cannot be loaded.
    """
    try:
        return _own(scoring_settings(scorer, environ))
    except SettingsError as error:
        raise Invalid({"scorer": error.problems}) from error
    except ModelError as error:
        raise Invalid({"scorer": [str(error)]}) from error


def _own(settings: Settings) -> Candidate:
    """The parts that load_engine composes, each where it can run without the others."""
    registry = load_registry(settings.models_dir)
    threads = settings.scoring_threads or usable_cores()
    folder = registry.verified_folder(ENCODER)
    encoder = Encoder(folder, threads, remembered=REMEMBERED)
    normaliser = TextNormaliser.from_tokenizer(folder / TOKENIZER_FILE)
    model = load_toxicity_model(registry, settings.toxicity_scorer, threads, encoder)
    languages, detect = registry.entry(ENCODER).languages, LanguageDetector()
    relevance = RelevanceScorer(encoder, registry.verified_folder(RELEVANCE))

    def engine(toxicity: ToxicityScorer) -> ScoringEngine:
        return ScoringEngine(toxicity, relevance, encoder, relevance_languages=languages)

    toxicity = _WithoutEvidence(model, normaliser, detect)
    relevance_only = engine(ToxicityScorer(_NoToxicity(), normaliser, detect))
    used = engine(toxicity).models
    seen = trained_on(tuple(re.findall(r"[\w-]+", model.name)))
    return Candidate(
        name=settings.toxicity_scorer if settings.toxicity_scorer == CASCADE else model.name,
        toxicity=toxicity,
        relevance=candidate_of(relevance_only, "relevance").relevance,
        embed=relevance_only.embed,
        trained_on=seen,
        models=tuple(used),
        kept_out=is_kept_out if COMPACT in model.name else None,
    )
