"""Article texts as relevance needs them: embedded once per run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.domain.passage import split_passages
from service.domain.scoring import ArticleVectors
from workers.evaluation.candidate import Candidate


@dataclass(frozen=True, slots=True)
class ArticleText:
    """Title and body; `passages` replaces the body where it comes ready cut."""

    title: str
    body: str = ""
    passages: tuple[str, ...] = ()


@dataclass(slots=True)
class ArticleShelf:
    """Vectors of articles by key; each article is embedded the first time it is asked for."""

    candidate: Candidate
    _vectors: dict[str, ArticleVectors] = field(default_factory=dict, repr=False)

    def vectors(self, key: str, article: ArticleText) -> ArticleVectors:
        """The article's vectors. `key` tells articles apart; a known key is not embedded again."""
        if key not in self._vectors:
            self._vectors[key] = self._embed(article)
        return self._vectors[key]

    def _embed(self, article: ArticleText) -> ArticleVectors:
        embed = self.candidate.encoder()
        passages = list(article.passages) or split_passages(article.body)
        title = [article.title] if article.title.strip() else []
        vectors = embed(title + passages) if title or passages else []
        return ArticleVectors(
            title=vectors[0] if title else None,
            passages=vectors[len(title) :],
            passage_texts=passages,
        )


def articles_by_id(rows: Iterable[Mapping[str, object]]) -> dict[str, ArticleText]:
    """Rows of an articles file (article_id, title, text) by id."""
    return {
        str(row["article_id"]): ArticleText(str(row.get("title") or ""), str(row.get("text") or ""))
        for row in rows
    }
