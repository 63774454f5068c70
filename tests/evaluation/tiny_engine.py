"""A small deterministic scorer with the real protocol, for measuring the measuring."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.scoring import Assessment, ModelInUse, ScoreInput, ScoreResult, Vector
from workers.evaluation.candidate import Candidate

VOCABULARY = ("bus", "council", "budget", "football", "goal", "match")


class WordScorer:
    """Toxicity is 0.95 where the text says 'idiot', else 0.05; cannot tell '???'."""

    name, version = "words", "1"

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        return [self._one(item.text) for item in batch]

    def _one(self, text: str) -> ScoreResult:
        if text == "???":
            return ScoreResult(self.name, self.version, "none", {}, unknown="too_short")
        value = 0.95 if "idiot" in text.lower() else 0.05
        values = {"toxicity": value, "insult": value}
        return ScoreResult(self.name, self.version, "none", values, was_obfuscated="\u200b" in text)


class OverlapRelevance:
    """Relevance is the share of a text's known words that the article has too."""

    name, version = "overlap", "1"

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        return [self._one(item) for item in batch]

    def _one(self, item: ScoreInput) -> ScoreResult:
        words = [word for word in VOCABULARY if word in item.text]
        if not words or item.article is None:
            return ScoreResult(self.name, self.version, "none", {}, unknown="too_short")
        vectors = [*item.article.passages, item.article.title or ()]
        shared = [w for w in words if any(v and v[VOCABULARY.index(w)] for v in vectors)]
        value = 0.1 + 0.8 * len(shared) / len(words)
        return ScoreResult(self.name, self.version, "none", {"relevance": value})


class TinyEngine:
    """Both behind one call, as a worker has them."""

    models: Sequence[ModelInUse] = (
        ModelInUse("toxicity", "words", "1", "none"),
        ModelInUse("relevance", "overlap", "1", "none"),
    )

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        toxicity, relevance = WordScorer().score(batch), OverlapRelevance().score(batch)
        return [Assessment(*pair) for pair in zip(toxicity, relevance, strict=True)]

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [[float(word in text) for word in VOCABULARY] for text in texts]


def trained_on_comments() -> Candidate:
    """A model trained on the set `comments`, but for its texts about a bus."""
    return Candidate(
        "trained", WordScorer(), trained_on=("comments",), kept_out=lambda text: "bus" in text
    )
