"""Measures thread drift: is a thread that leaves its article noticed, soon and only then?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.domain.scoring import RELEVANCE_LABEL, ScoreInput
from workers.evaluation.articles import ArticleShelf, ArticleText
from workers.evaluation.candidate import Candidate, Progress
from workers.evaluation.labelled import BadFile, LabelledFile, Row

WITHIN = 5  # comments after the departure in which it must be noticed
LEAVING = ("drift_tail", "hijack_return")
RETURNING = "hijack_return"
ALL_SOURCES = "all sources"

# Relevance of each comment in order (None = unknown) -> is the thread drifting after each?
Detector = Callable[[Sequence[float | None]], Sequence[bool]]


@dataclass(frozen=True, slots=True)
class DriftGroup:
    """Threads of one source and variant. Shares are 0–1, None where the variant has none.

    `noticed`: marked as drifting within WITHIN comments of leaving. `false_alarms`: marked
    while on topic: before leaving, or ever where the thread never leaves. `returned`: of those
    noticed, no longer marked at the last comment. `median_delay` is in comments, 1 = at once.
    """

    source: str
    variant: str
    threads: int
    noticed: float | None
    median_delay: float | None
    false_alarms: float
    returned: float | None


@dataclass(frozen=True, slots=True)
class ThreadsResult:
    """All groups of one file."""

    name: str
    threads: int
    comments: int
    unknown_share: float
    within: int
    groups: tuple[DriftGroup, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Watched:
    """One thread after the detector saw it."""

    source: str
    variant: str
    leaves_at: int | None
    drifting: tuple[bool, ...]

    @property
    def false_alarm(self) -> bool:
        return any(self.drifting[: self.leaves_at])

    @property
    def delay(self) -> int | None:
        """Comments from the departure to the mark, 1 = marked with the first; None if missed."""
        if self.leaves_at is None:
            return None
        window = self.drifting[self.leaves_at : self.leaves_at + WITHIN]
        return window.index(True) + 1 if True in window else None


def _thread(row: Row) -> tuple[list[str], int | None] | None:
    comments = row.fields.get("comments")
    if not isinstance(comments, list) or not comments:
        return None
    if not all(isinstance(c, dict) and isinstance(c.get("text"), str) for c in comments):
        return None
    start: Any = row.fields.get("drift_start")
    leaves = row.fields.get("variant") in LEAVING
    if leaves and not (isinstance(start, int) and 0 <= start < len(comments)):
        return None
    return [comment["text"] for comment in comments], start if leaves else None


def _relevance(
    candidate: Candidate, shelf: ArticleShelf, article: ArticleText, key: str, texts: list[str]
) -> list[float | None]:
    vectors = shelf.vectors(key, article)
    results = candidate.relevance_scorer().score([ScoreInput(text, vectors) for text in texts])
    return [result.values.get(RELEVANCE_LABEL) for result in results]


def _group(source: str, variant: str, threads: list[_Watched]) -> DriftGroup:
    leaving = [thread for thread in threads if thread.leaves_at is not None]
    found = [thread for thread in leaving if thread.delay is not None]
    delays = [thread.delay for thread in found if thread.delay is not None]
    back = [not thread.drifting[-1] for thread in found if thread.variant == RETURNING]
    return DriftGroup(
        source=source,
        variant=variant,
        threads=len(threads),
        noticed=len(found) / len(leaving) if leaving else None,
        median_delay=float(np.median(delays)) if delays else None,
        false_alarms=float(np.mean([thread.false_alarm for thread in threads])),
        returned=float(np.mean(back)) if back else None,
    )


def _groups(threads: list[_Watched]) -> Iterator[DriftGroup]:
    sources = sorted({thread.source for thread in threads})
    for source in (ALL_SOURCES, *sources):
        of_source = [t for t in threads if source in (ALL_SOURCES, t.source)]
        for variant in sorted({t.variant for t in of_source}):
            yield _group(source, variant, [t for t in of_source if t.variant == variant])
        leaving = [t for t in of_source if t.leaves_at is not None]
        if leaving:
            yield _group(source, "all that leave", leaving)


def evaluate_threads(
    candidate: Candidate,
    file: LabelledFile,
    articles: Mapping[str, ArticleText],
    detector: Detector,
    *,
    seed: int,
    limit: int | None = None,
    progress: Progress | None = None,
) -> ThreadsResult:
    """Run each thread through relevance and the detector, comment by comment.

    Articles come from an articles file of the same run; a thread whose article is not there is
    judged by its `article_title` alone, and counted in the warnings.
    """
    usable = [(row, thread) for row in file.rows if (thread := _thread(row)) is not None]
    if not usable:
        raise BadFile(f"{file.path}: no row has comments with a text and a usable drift_start")
    warnings = []
    if len(usable) < len(file.rows):
        warnings.append(f"{len(file.rows) - len(usable)} rows left out: comments or drift_start")
    if limit is not None and len(usable) > limit:
        chosen = np.random.default_rng(seed).choice(len(usable), limit, replace=False)
        warnings.append(f"{limit} of {len(usable)} threads drawn (--limit)")
        usable = [usable[index] for index in sorted(chosen)]
    shelf, watched = ArticleShelf(candidate), list[_Watched]()
    comments = unknown = without_text = 0
    for row, (texts, leaves_at) in usable:
        key = str(row.fields["article_id"])
        without_text += key not in articles
        article = articles.get(key) or ArticleText(str(row.fields.get("article_title") or ""))
        relevance = _relevance(candidate, shelf, article, key, texts)
        comments, unknown = comments + len(texts), unknown + relevance.count(None)
        source = str(row.fields.get("source") or "")
        variant = str(row.fields["variant"])
        watched.append(_Watched(source, variant, leaves_at, tuple(detector(relevance))))
        if progress is not None:
            progress(1)
    if without_text:
        warnings.append(f"{without_text} threads judged by their article's title alone")
    return ThreadsResult(
        name=file.name,
        threads=len(usable),
        comments=comments,
        unknown_share=unknown / comments,
        within=WITHIN,
        groups=tuple(_groups(watched)),
        warnings=tuple(warnings),
    )
