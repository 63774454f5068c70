"""What a scorer is given and what it gives back; the protocol every scorer keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

TOXICITY_LABELS = (
    "toxicity",
    "severe_toxicity",
    "obscene",
    "threat",
    "insult",
    "identity_attack",
    "sexual_explicit",
)
RELEVANCE_LABEL = "relevance"
EMBEDDING_SIZE = 384
EMBEDDING = "embedding"

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class ArticleVectors:
    """An article as relevance needs it: the embedding of its title and of each passage.

    Vectors have EMBEDDING_SIZE numbers and length 1; `passages` is in reading order and
    `passage_texts` runs parallel to it.
    """

    title: Vector | None
    passages: Sequence[Vector]
    passage_texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ScoreInput:
    """One revision of one comment, with what it is compared to.

    `parents` are the texts of the comments it answers, nearest first. `article` is None where
    the article's text is not known (yet): relevance is then unknown.
    """

    text: str
    article: ArticleVectors | None = None
    parents: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """One model's answer for one comment.

    `values` maps labels to 0–1. Empty `values` mean the model could not tell, and `unknown`
    then says why in a short code (`too_short`, `no_article`, `language`, `failed`, ...).
    Offsets in `evidence` count UTF-16 code units of the original text, end exclusive.
    """

    model: str
    version: str
    calibration: str
    values: Mapping[str, float]
    unknown: str | None = None
    language: str | None = None
    windows: int = 1
    was_obfuscated: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the scorers say of one comment."""

    toxicity: ScoreResult
    relevance: ScoreResult
    embedding: Vector | None = None
    # What a second toxicity model says, which is stored and decides nothing.
    shadow: ScoreResult | None = None

    def values(self) -> dict[str, float]:
        """All labels that are known, as the guideline rules see them under `scores`."""
        return {**self.toxicity.values, **self.relevance.values}


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """What `/readyz`, the log and the metrics say of a loaded model."""

    task: str  # "toxicity", "relevance" or EMBEDDING
    name: str
    version: str
    calibration: str


def encoder_of(models: Sequence[ModelInUse]) -> str | None:
    """The version of the encoder among `models`: vectors of two versions are not comparable."""
    return next((model.version for model in models if model.task == EMBEDDING), None)


class Scorer(Protocol):
    """One model. A bad text gives an unknown result; it never raises for its neighbours."""

    name: str
    version: str

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        """Score a batch, in order. A text's result never depends on the rest of the batch."""
        ...


class Engine(Protocol):
    """All scorers of a worker behind one call."""

    models: Sequence[ModelInUse]

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        """Assess a batch, in order, same length."""
        ...

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors of EMBEDDING_SIZE for article titles and passages."""
        ...
