"""Cosines of one comment to an article's title and passages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import ArticleVectors

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """How near a comment is: `best` and `mean` cosine over title and passages, -1 to 1.

    passage: index of the nearest passage, None where the article has a title only.
    is_title: the title is nearer than any passage.
    """

    best: float
    mean: float
    passage: int | None
    is_title: bool


def article_rows(article: ArticleVectors) -> Vectors | None:
    """Title (where there is one) and passages as rows; None where there is neither."""
    title = [] if article.title is None else [article.title]
    rows = [*title, *article.passages]
    return np.asarray(rows, dtype=np.float32) if rows else None


def match(article: ArticleVectors, rows: Vectors, vector: Vectors) -> Match:
    """Compare a comment's vector to the article's rows (as `article_rows` gives them)."""
    similarities = rows @ vector
    first = 0 if article.title is None else 1
    passages = similarities[first:]
    passage = int(passages.argmax()) if len(passages) else None
    best = float(similarities.max())
    is_title = passage is None or float(passages[passage]) < best
    return Match(best, float(similarities.mean()), passage, is_title)
