"""How close a comment is to its article, 0-1, with the passage it is nearest to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import RELEVANCE_LABEL, ArticleVectors, ScoreInput, ScoreResult
from workers.scorers.comment_text import says_enough, without_quotes
from workers.scorers.encoder import Encoder

TOO_SHORT = "too_short"
NO_ARTICLE = "no_article"
Vectors = NDArray[np.float32]
# Cosine at which a comment is as likely related as not, and how steeply that changes.
EVEN_SIMILARITY = 0.27
STEEPNESS = 13.0


class RelevanceScorer:
    """Relevance by sentence embeddings: the best match among title and passages."""

    name = "relevance"
    version = "1"
    calibration = "1"

    def __init__(self, encoder: Encoder) -> None:
        """`encoder` embeds comments that come without a vector."""
        self._encoder = encoder

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        """Score a batch, in order."""
        return self.score_embedded(batch, self._encoder.embed([item.text for item in batch]))

    def score_embedded(self, batch: Sequence[ScoreInput], vectors: Vectors) -> list[ScoreResult]:
        """Score a batch whose comments' vectors (len(batch), 384) are known already."""
        return [self._one(item, vector) for item, vector in zip(batch, vectors, strict=True)]

    def _one(self, item: ScoreInput, vector: Vectors) -> ScoreResult:
        if not says_enough(without_quotes(item.text)):
            return self._unknown(TOO_SHORT)
        if item.article is None or not _has_vectors(item.article):
            return self._unknown(NO_ARTICLE)
        passage, similarity = nearest(item.article, vector)
        logit = STEEPNESS * (similarity - EVEN_SIMILARITY)
        return ScoreResult(
            self.name,
            self.version,
            self.calibration,
            {RELEVANCE_LABEL: float(1.0 / (1.0 + np.exp(-logit)))},
            evidence={
                "against": "title" if passage is None else "passage",
                "passage": passage,
                "similarity": round(similarity, 4),
            },
        )

    def _unknown(self, reason: str) -> ScoreResult:
        return ScoreResult(self.name, self.version, self.calibration, {}, unknown=reason)


def nearest(article: ArticleVectors, vector: Vectors) -> tuple[int | None, float]:
    """Index of the nearest passage (None: the title is nearer) and its cosine, -1 to 1."""
    best: tuple[int | None, float] = (None, -1.0)
    if article.title is not None:
        best = (None, float(np.asarray(article.title, dtype=np.float32) @ vector))
    if len(article.passages):
        similarities = np.asarray(article.passages, dtype=np.float32) @ vector
        index = int(similarities.argmax())
        if similarities[index] > best[1]:
            best = (index, float(similarities[index]))
    return best


def _has_vectors(article: ArticleVectors) -> bool:
    return article.title is not None or len(article.passages) > 0
