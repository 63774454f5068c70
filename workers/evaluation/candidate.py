"""A scorer under test: lists of texts in, one array per label out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.domain.errors import Invalid
from service.domain.scoring import (
    TOXICITY_LABELS,
    Engine,
    ModelInUse,
    ScoreInput,
    Scorer,
    ScoreResult,
    Vector,
)
from workers.evaluation.metrics import Labels, Scores

HEADLINE = "toxicity"  # the label that ranks a text as a whole
BATCH = (
    256  # texts per call: enough for the scorer to sort by length, short enough to show progress
)
Progress = Callable[[int], None]


class _ToxicityOf:
    """The toxicity side of an engine as a scorer, for engines without one of their own."""

    def __init__(self, engine: Engine, model: ModelInUse) -> None:
        self._engine = engine
        self.name, self.version = model.name, model.version

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        return [assessment.toxicity for assessment in self._engine.score(batch)]


class _RelevanceOf:
    """The relevance side of an engine as a scorer."""

    def __init__(self, engine: Engine, model: ModelInUse) -> None:
        self._engine = engine
        self.name, self.version = model.name, model.version

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        return [assessment.relevance for assessment in self._engine.score(batch)]


@dataclass(frozen=True, slots=True)
class TextScores:
    """Results for a list of texts. `of[label]` is NaN where the scorer did not say."""

    of: Mapping[str, Scores]
    unknown: Mapping[str, int]
    obfuscated: Labels

    def known(self, label: str = HEADLINE) -> Labels:
        """Which texts have a score for the label."""
        return ~np.isnan(self.of[label])


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is measured. `trained_on` names the sets whose text the model saw in training, but for
    the texts that `kept_out` says were left out of it (None: the model saw all)."""

    name: str
    toxicity: Scorer
    relevance: Scorer | None = None
    embed: Callable[[list[str]], list[Vector]] | None = None
    trained_on: tuple[str, ...] = ()
    models: tuple[ModelInUse, ...] = ()
    kept_out: Callable[[str], bool] | None = None

    def saw(self, set_name: str) -> bool:
        """Whether figures on this set are figures on training data."""
        return set_name in self.trained_on

    def relevance_scorer(self) -> Scorer:
        """Its relevance scorer; raises Invalid where it has none."""
        if self.relevance is None:
            raise self._without_relevance()
        return self.relevance

    def encoder(self) -> Callable[[list[str]], list[Vector]]:
        """Texts to unit vectors, for articles; raises Invalid where it has none."""
        if self.embed is None:
            raise self._without_relevance()
        return self.embed

    def _without_relevance(self) -> Invalid:
        return Invalid({"scorer": [f"{self.name} does not score relevance"]})

    def score_texts(self, texts: Sequence[str], progress: Progress | None = None) -> TextScores:
        """Toxicity of each text, in order."""
        results: list[ScoreResult] = []
        for start in range(0, len(texts), BATCH):
            chunk = texts[start : start + BATCH]
            results += self.toxicity.score([ScoreInput(text) for text in chunk])
            if progress is not None:
                progress(len(chunk))
        return TextScores(
            of={
                label: np.array([result.values.get(label, np.nan) for result in results])
                for label in TOXICITY_LABELS
            },
            unknown=Counter(
                result.unknown or "no_score" for result in results if not result.values
            ),
            obfuscated=np.array([result.was_obfuscated for result in results], dtype=bool),
        )


def candidate_of(
    engine: Engine,
    name: str,
    *,
    toxicity: Scorer | None = None,
    relevance: Scorer | None = None,
    trained_on: Sequence[str] = (),
) -> Candidate:
    """An engine as a candidate. Its own scorers are used where given: they skip the other half."""
    by_task = {model.task: model for model in engine.models}
    return Candidate(
        name=name,
        toxicity=toxicity or _ToxicityOf(engine, by_task["toxicity"]),
        relevance=relevance or _RelevanceOf(engine, by_task["relevance"]),
        embed=engine.embed,
        trained_on=tuple(trained_on),
        models=tuple(engine.models),
    )
