"""How close a comment is to its article, 0-1, with the passage it is nearest to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import RELEVANCE_LABEL, ArticleVectors, ScoreInput, ScoreResult
from workers.scorers.article_match import Match, article_rows, match
from workers.scorers.comment_text import count_words, own_words, says_enough
from workers.scorers.encoder import Encoder
from workers.scorers.relevance_calibration import load_calibration

TOO_SHORT = "too_short"
NO_ARTICLE = "no_article"
FOLDER = Path(__file__).resolve().parents[1] / "models" / "relevance"
# Comments above the one it answers that are read as context; each costs an embedding.
MAX_PARENTS = 4
SIMILARITY_DIGITS = 4
Vectors = NDArray[np.float32]


class RelevanceScorer:
    """P(related) of a comment to its article, or through the comments that it answers.

    0.5 means as likely related as not among equally many of both. A comment's value depends on
    its own text, its parents and its article alone.
    """

    name = "relevance"
    version = "3"

    def __init__(self, encoder: Encoder, folder: Path = FOLDER) -> None:
        """`encoder` embeds what comes without a vector; `folder` holds the calibration.

        Raises MissingModel or CorruptModel, naming the file.
        """
        self._encoder = encoder
        self._weights = load_calibration(folder)
        self.calibration = self._weights.calibration

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        """Score a batch, in order."""
        texts = [own_words(item.text) for item in batch]
        return self._score(batch, texts, self._encoder.embed(texts))

    def score_embedded(self, batch: Sequence[ScoreInput], vectors: Vectors) -> list[ScoreResult]:
        """Score a batch whose comments' vectors (len(batch), 384) are known already.

        A comment that quotes another is embedded again without the quote.
        """
        texts = [own_words(item.text) for item in batch]
        quoting = [i for i, item in enumerate(batch) if texts[i] != item.text]
        if quoting:
            vectors = np.array(vectors, dtype=np.float32)
            vectors[quoting] = self._encoder.embed([texts[i] for i in quoting])
        return self._score(batch, texts, vectors)

    def _score(
        self, batch: Sequence[ScoreInput], texts: Sequence[str], vectors: Vectors
    ) -> list[ScoreResult]:
        above = self._parent_vectors(batch)
        # Comments of a batch mostly share their article: its vectors are read once.
        articles = {id(item.article): item.article for item in batch if item.article is not None}
        rows = {key: article_rows(article) for key, article in articles.items()}
        return [
            self._one(item, rows.get(id(item.article)), text, vector, above)
            for item, text, vector in zip(batch, texts, vectors, strict=True)
        ]

    def _parent_vectors(self, batch: Sequence[ScoreInput]) -> Mapping[str, Vectors]:
        """The vector of each parent that says enough, by its text."""
        telling = {
            text: None
            for item in batch
            if item.article is not None
            for text in map(own_words, item.parents[:MAX_PARENTS])
            if says_enough(text)
        }
        return dict(zip(telling, self._encoder.embed(list(telling)), strict=True))

    def _one(
        self,
        item: ScoreInput,
        rows: Vectors | None,
        text: str,
        vector: Vectors,
        above: Mapping[str, Vectors],
    ) -> ScoreResult:
        if not says_enough(text):
            return self._unknown(TOO_SHORT)
        if item.article is None or rows is None:
            return self._unknown(NO_ARTICLE)
        found = match(item.article, rows, vector)
        value = self._weights.probability(found.best, found.mean, count_words(text))
        chain = [(p, above[p]) for p in map(own_words, item.parents[:MAX_PARENTS]) if p in above]
        tied = self._through_parents(item.article, rows, chain, text, vector)
        evidence = _evidence(item.article, found)
        if tied > value:
            evidence["against"] = "parent"
        return ScoreResult(
            self.name,
            self.version,
            self.calibration,
            {RELEVANCE_LABEL: max(value, tied)},
            evidence=evidence,
        )

    def _through_parents(
        self,
        article: ArticleVectors,
        rows: Vectors,
        chain: Sequence[tuple[str, Vectors]],
        text: str,
        vector: Vectors,
    ) -> float:
        """What the chain above (nearest first) lends: never more than the chain itself has.

        From the oldest comment on, each stands by its own relevance or by its tie to the one
        before, discounted: a chain that is off the topic from its start lends nothing.
        """
        standing, before = 0.0, None
        for parent, its_vector in reversed(chain):
            own = match(article, rows, its_vector)
            alone = self._weights.probability(own.best, own.mean, count_words(parent))
            standing = max(alone, self._tie(before, parent, its_vector) * standing)
            before = its_vector
        return self._tie(before, text, vector) * standing

    def _tie(self, parent: Vectors | None, text: str, vector: Vectors) -> float:
        if parent is None:
            return 0.0
        similarity = float(parent @ vector)
        related = self._weights.probability(similarity, similarity, count_words(text))
        return self._weights.parent_discount * related

    def _unknown(self, reason: str) -> ScoreResult:
        return ScoreResult(self.name, self.version, self.calibration, {}, unknown=reason)


def _evidence(article: ArticleVectors, found: Match) -> dict[str, Any]:
    """The nearest passage is named even where the title is nearer: it is what a person reads."""
    passage = found.passage
    texts = article.passage_texts
    return {
        "against": "title" if found.is_title else "passage",
        "passage": passage,
        "similarity": round(found.best, SIMILARITY_DIGITS),
        "text": texts[passage] if passage is not None and passage < len(texts) else None,
    }
