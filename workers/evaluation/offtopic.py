"""Measures relevance on pairs of article and comment: does it tell whose comment it is?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.domain.scoring import RELEVANCE_LABEL, ScoreInput
from workers.evaluation.articles import ArticleShelf, ArticleText
from workers.evaluation.candidate import BATCH, Candidate, Progress
from workers.evaluation.labelled import BadFile, LabelledFile, Row
from workers.evaluation.metrics import (
    Interval,
    Labels,
    Scores,
    caught_at_false_alarms,
    roc_auc_interval,
)
from workers.evaluation.rows import parse_label

FALSE_ALARMS = 0.05
LENGTH_EDGES = (0, 60, 150, 400, 1000)  # characters; the last bin is open
POSITIVE = "positive"
TIE = 0.5


@dataclass(frozen=True, slots=True)
class OffTopicGroup:
    """One group of pairs. `auc` counts a pair with an unknown side as a coin toss; `auc_known`
    leaves unknowns out; `caught` is the off-topic share found at 5 % false alarms."""

    group: str
    negatives: str
    rows: int
    known_share: float
    auc: Interval | None
    auc_known: float | None
    caught: float | None


@dataclass(frozen=True, slots=True)
class OffTopicResult:
    """All groups of one file."""

    name: str
    rows: int
    unknown: Mapping[str, int]
    groups: tuple[OffTopicGroup, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pairs:
    on_topic: Labels
    relevance: Scores
    negative_type: np.ndarray
    source: np.ndarray
    length: np.ndarray


def _article(row: Row) -> ArticleText:
    profile = row.fields.get("profile_comments")
    if isinstance(profile, list):
        return ArticleText("", passages=tuple(str(comment) for comment in profile))
    title, body = row.fields.get("article_title"), row.fields.get("article_text")
    return ArticleText(str(title or ""), str(body or ""))


def _article_key(row: Row) -> str:
    """Profile pairs leave the compared comment out of the profile: keyed by content."""
    profile = row.fields.get("profile_comments")
    return repr(profile) if profile is not None else str(row.fields.get("article_id"))


def _usable(file: LabelledFile) -> tuple[list[Row], list[str]]:
    usable = [
        row
        for row in file.rows
        if parse_label(row.fields.get("label_on_topic")) is not None
        and isinstance(row.fields.get("comment_text"), str)
    ]
    left_out = len(file.rows) - len(usable)
    if not usable:
        raise BadFile(f"{file.path}: no row has a label_on_topic of 0 or 1 and a comment_text")
    return usable, [f"{left_out} rows without label or comment left out"] if left_out else []


def _score(
    candidate: Candidate, rows: list[Row], progress: Progress | None
) -> tuple[Scores, dict[str, int]]:
    relevance = candidate.relevance_scorer()
    shelf = ArticleShelf(candidate)
    values, unknown = np.full(len(rows), np.nan), dict[str, int]()
    for start in range(0, len(rows), BATCH):
        chunk = rows[start : start + BATCH]
        inputs = [
            ScoreInput(
                str(row.fields["comment_text"]), shelf.vectors(_article_key(row), _article(row))
            )
            for row in chunk
        ]
        for offset, result in enumerate(relevance.score(inputs)):
            if RELEVANCE_LABEL in result.values:
                values[start + offset] = result.values[RELEVANCE_LABEL]
                continue
            reason = result.unknown or "no_score"
            unknown[reason] = unknown.get(reason, 0) + 1
        if progress is not None:
            progress(len(chunk))
    return values, unknown


def _with_coin_tosses(interval: Interval, both_known: float) -> Interval:
    return Interval(
        *(
            both_known * v + TIE * (1 - both_known)
            for v in (interval.value, interval.low, interval.high)
        )
    )


def _group(name: str, negatives: str, pairs: _Pairs, mask: Labels, seed: int) -> OffTopicGroup:
    off_topic, score = ~pairs.on_topic[mask], -pairs.relevance[mask]
    known = ~np.isnan(score)
    auc_known = roc_auc_interval(off_topic[known], score[known], seed=seed)
    auc = None
    if auc_known is not None:
        both = float(known[off_topic].mean() * known[~off_topic].mean())
        auc = _with_coin_tosses(auc_known, both)
    return OffTopicGroup(
        group=name,
        negatives=negatives,
        rows=int(mask.sum()),
        known_share=float(known.mean()) if len(known) else 0.0,
        auc=auc,
        auc_known=auc_known.value if auc_known else None,
        caught=caught_at_false_alarms(off_topic, np.where(known, score, -np.inf), FALSE_ALARMS),
    )


def _groups(pairs: _Pairs, seed: int) -> Iterator[OffTopicGroup]:
    everything = np.ones(len(pairs.on_topic), dtype=bool)
    sources = {"all sources": everything}
    sources |= {str(name): pairs.source == name for name in np.unique(pairs.source) if name}
    kinds = [str(k) for k in np.unique(pairs.negative_type) if k and k != POSITIVE]
    for source, of_source in sources.items():
        for kind in sorted(kinds, reverse=True):
            mask = of_source & (pairs.on_topic | (pairs.negative_type == kind))
            yield _group(source, kind, pairs, mask, seed)
        yield _group(source, "all", pairs, of_source, seed)
    upper = (*LENGTH_EDGES[1:], None)
    for low, high in zip(LENGTH_EDGES, upper, strict=True):
        mask = pairs.length > low if high is None else (pairs.length > low) & (pairs.length <= high)
        if mask.any():
            span = f"over {low} characters" if high is None else f"{low + 1}–{high} characters"
            yield _group(span, "all", pairs, mask, seed)


def _column(rows: list[Row], name: str) -> np.ndarray:
    values: list[Any] = [row.fields.get(name) for row in rows]
    return np.array(["" if value is None else str(value) for value in values])


def evaluate_off_topic(
    candidate: Candidate,
    file: LabelledFile,
    *,
    seed: int,
    limit: int | None = None,
    progress: Progress | None = None,
) -> OffTopicResult:
    """Relevance of each comment to its pair's article; AUC by source, negatives and length."""
    rows, warnings = _usable(file)
    if limit is not None and len(rows) > limit:
        chosen = np.random.default_rng(seed).choice(len(rows), limit, replace=False)
        warnings.append(f"{limit} of {len(rows)} rows drawn (--limit)")
        rows = [rows[index] for index in sorted(chosen)]
    relevance, unknown = _score(candidate, rows, progress)
    pairs = _Pairs(
        on_topic=np.array([bool(parse_label(row.fields["label_on_topic"])) for row in rows]),
        relevance=relevance,
        negative_type=_column(rows, "negative_type"),
        source=_column(rows, "source"),
        length=np.array([len(str(row.fields["comment_text"])) for row in rows]),
    )
    groups = tuple(_groups(pairs, seed))
    return OffTopicResult(file.name, len(rows), unknown, groups, tuple(warnings))
