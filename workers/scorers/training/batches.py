"""Batches of training texts: drawn by set and class, spelled anew each time, of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from workers.scorers.token_ids import TextTokens
from workers.scorers.training.contrast import SOURCE as CONTRAST
from workers.scorers.training.corpus import HEADS, READERS, Example
from workers.scorers.training.variation import bare, evaded, thinned
from workers.scorers.training.written import SOURCE as WRITTEN

LONGEST, LONGEST_NOW_AND_THEN, NOW_AND_THEN = 96, 192, 6  # one pool in six keeps longer texts
TOKENS_PER_BATCH = 1152
POOL = 2048  # examples sorted by length together before they are cut into batches
SMOOTHING = 0.02
BARE_SHARE, EVADED_SHARE, THINNED_SHARE = 0.35, 0.05, 0.5
SOURCES = (*READERS, CONTRAST, WRITTEN)
# Passes over (non-toxic, toxic) examples of a set in one round; the news sets count most.
PASSES: dict[str, tuple[float, float]] = {
    "wiki_jigsaw": (0.5, 0.9),
    "wiki_detox_testset": (1.0, 1.0),
    "wiki_crowd_subtypes": (0.8, 1.5),
    "wiki_context_cat": (0.25, 1.5),
    "civil_balanced_normalised": (1.5, 1.3),
    "civil_toxic_spans": (0.5, 0.5),
    "surge_toxicity": (1.0, 1.0),
    "fox_news": (0.7, 0.7),
    "hatemoji": (0.3, 0.3),
    "edos_sexism": (0.07, 0.25),
    "openai_moderation": (0.5, 0.8),
    CONTRAST: (1.0, 1.0),
    WRITTEN: (2.5, 2.5),
}
HEAD_WEIGHT = {"shared": 1.5, "news": 1.5, "clear": 0.5, "sexism": 0.5}
SPANS_NEWS_WEIGHT = 0.5


@dataclass(slots=True)
class Batch:
    """Padded ids and mask, targets with -1 where a head has none, weights and set numbers."""

    ids: torch.Tensor
    mask: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    sources: torch.Tensor


def one_round(examples: list[Example], chooser: random.Random) -> list[Example]:
    """The examples of one round in random order, each set as often as PASSES says."""
    chosen: list[Example] = []
    for example in examples:
        passes = PASSES[example.source][int(example.toxic())]
        times = int(passes) + (chooser.random() < passes % 1)
        chosen += [example] * times
    chooser.shuffle(chosen)
    return chosen


def varied(example: Example, chooser: random.Random) -> tuple[str, dict[str, float]]:
    """A spelling of the example and the targets that hold for this spelling."""
    text, targets = _spelled(example, chooser)
    if example.source != CONTRAST and chooser.random() < THINNED_SHARE:
        text = thinned(text, chooser)
    return text, targets


def _spelled(example: Example, chooser: random.Random) -> tuple[str, dict[str, float]]:
    draw = chooser.random()
    always_bare = example.source == "civil_balanced_normalised"
    share = 0.65 if example.raw_targets is not None else BARE_SHARE
    if always_bare or draw < share:
        return bare(example.text), dict(example.targets)
    targets = example.raw_targets if example.raw_targets is not None else example.targets
    if draw > 1 - EVADED_SHARE and example.toxic():
        return evaded(example.text, chooser), dict(targets)
    return example.text, dict(targets)


def batches(examples: list[Example], encoder: Path, chooser: random.Random) -> Iterator[Batch]:
    """Endless batches of texts of like length."""
    short, long = (
        TextTokens(encoder / "tokenizer.json", most) for most in (LONGEST, LONGEST_NOW_AND_THEN)
    )
    while True:
        order = one_round(examples, chooser)
        for number, start in enumerate(range(0, len(order), POOL)):
            tokens = long if number % NOW_AND_THEN == NOW_AND_THEN - 1 else short
            yield from _pool_batches(order[start : start + POOL], tokens, chooser)


def _pool_batches(
    pool: list[Example], tokens: TextTokens, chooser: random.Random
) -> Iterator[Batch]:
    spelled = [(example, *varied(example, chooser)) for example in pool]
    rows = tokens.ids([text for _, text, _ in spelled])
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    groups: list[list[int]] = [[]]
    for i in order:
        if (len(groups[-1]) + 1) * len(rows[i]) > TOKENS_PER_BATCH:
            groups.append([])
        groups[-1].append(i)
    chooser.shuffle(groups)
    for group in groups:
        yield _batch([(spelled[i][0], rows[i], spelled[i][2]) for i in group])


def _batch(items: list[tuple[Example, list[int], dict[str, float]]]) -> Batch:
    longest = max(len(row) for _, row, _ in items)
    ids = np.zeros((len(items), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    targets = np.full((len(items), len(HEADS)), -1.0, dtype=np.float32)
    weights = np.zeros_like(targets)
    for number, (example, row, wanted) in enumerate(items):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
        for head, value in wanted.items():
            place = HEADS.index(head)
            targets[number, place] = SMOOTHING + (1 - 2 * SMOOTHING) * value
            weights[number, place] = HEAD_WEIGHT.get(head, 1.0)
            if example.source == "civil_toxic_spans" and head != "clear":
                weights[number, place] *= SPANS_NEWS_WEIGHT
    sources = np.array([SOURCES.index(example.source) for example, _, _ in items])
    return Batch(*(torch.from_numpy(a) for a in (ids, mask, targets, weights, sources)))
