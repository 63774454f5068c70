"""One comment from text to decision without a server: scores, signals, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from service.domain.content import content_signals
from service.domain.guideline import Policy
from service.domain.moderation import Decision, decide
from service.domain.passage import split_passages
from service.domain.scoring import ArticleVectors, Assessment, Engine, ScoreInput
from service.domain.signals import author_trust
from workers.scorers.isolation import each_alone_if_needed

MAX_ARTICLES = 1_000


Article = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Submission:
    """A comment to score; `article` is its title and body, `parents` nearest first."""

    text: str
    article: Article | None = None
    parents: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it."""

    assessment: Assessment
    decision: Decision
    article: ArticleVectors | None
    signals: Mapping[str, Mapping[str, Any]]


class ScoringDesk:
    """Scores submissions and decides on them as on a reader's under an open article."""

    def __init__(self, engine: Engine, policy: Policy, *, approved_count: int = 0) -> None:
        """Articles are embedded once each and kept while the desk lives.

        The reader is taken to have `approved_count` approved comments and nothing against them.
        """
        self._engine = engine
        self._policy = policy
        self._around = _surroundings(approved_count)
        self._articles: dict[Article | None, ArticleVectors] = {}

    def judge(self, submissions: Sequence[Submission]) -> list[Verdict]:
        """Verdicts in order."""
        self._embed_new(item.article for item in submissions if item.article)
        articles = [self._articles.get(item.article) for item in submissions]
        inputs = [
            ScoreInput(item.text, article, tuple(item.parents))
            for item, article in zip(submissions, articles, strict=True)
        ]
        assessed = self._engine.score(inputs)
        return [
            self._verdict(item, article, assessment)
            for item, article, assessment in zip(submissions, articles, assessed, strict=True)
        ]

    def _verdict(
        self, item: Submission, article: ArticleVectors | None, assessment: Assessment
    ) -> Verdict:
        signals = {
            "scores": assessment.values(),
            "content": content_signals(
                item.text,
                lists=self._policy.lists,
                is_reply=bool(item.parents),
                language=assessment.toxicity.language,
                was_obfuscated=assessment.toxicity.was_obfuscated,
                near_duplicates_24h=0,
            ),
            **self._around,
        }
        return Verdict(assessment, decide(signals, self._policy), article, signals)

    def _embed_new(self, articles: Iterable[Article]) -> None:
        """Embed articles not seen yet in one go; one that fails counts as having no text."""
        wanted = list(dict.fromkeys(articles))
        if len(self._articles) > MAX_ARTICLES:
            self._articles.clear()
        new = [article for article in wanted if article not in self._articles]
        for article, vectors in zip(new, each_alone_if_needed(self._embed, new), strict=True):
            if vectors is not None:
                self._articles[article] = vectors

    def _embed(self, articles: Sequence[Article]) -> list[ArticleVectors]:
        passages = [split_passages(body) for _, body in articles]
        titles = [title.strip() for title, _ in articles]
        texts = [t for title, p in zip(titles, passages, strict=True) for t in (title, *p) if t]
        vectors = iter(self._engine.embed(texts))
        return [
            ArticleVectors(next(vectors) if title else None, list(islice(vectors, len(p))), p)
            for title, p in zip(titles, passages, strict=True)
        ]


def _surroundings(approved_count: int) -> Mapping[str, Mapping[str, Any]]:
    """The signals that a server would know: here a reader in good standing, and a quiet hour."""
    trust = author_trust(premoderated=False, approved_count=approved_count, rejected_rate_30d=0.0)
    return {
        "author": {
            "approved_count": approved_count,
            "rejected_rate_30d": 0.0,
            "account_age_days": 0,
            "strikes": 0,
            "is_staff": False,
            "trust": trust,
        },
        "article": {"mode": "open", "section": "", "tags": [], "age_hours": 0},
        "velocity": {"author_1m": 1, "author_1h": 1, "article_1m": 1},
        "comment": {"human_decision": "none"},
        "submission": {"nudged": False},
    }
