"""How much recall is lost when toxic words are disguised (evasion delta)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from workers.evaluation.candidate import HEADLINE, Candidate, Progress
from workers.evaluation.metrics import flags
from workers.evaluation.perturbations import PERTURBATIONS, has_toxic_word, perturb
from workers.evaluation.thresholds import Threshold

MAX_ROWS = 1000


@dataclass(frozen=True, slots=True)
class EvasionResult:
    """One disguise at one threshold. `kept` is recall after / recall before, None for no recall.

    `recognised` is the share of disguised texts the scorer said were obfuscated.
    """

    perturbation: str
    comparison: str
    threshold: float
    rows: int
    recall_before: float
    recall_after: float
    kept: float | None
    recognised: float


def disguisable(texts: Sequence[str], seed: int, limit: int = MAX_ROWS) -> list[str]:
    """Distinct texts that hold a word to hide, at most `limit`, drawn by `seed`."""
    found = [text for text in dict.fromkeys(texts) if has_toxic_word(text)]
    if len(found) <= limit:
        return found
    return Random(seed).sample(found, limit)  # noqa: S311 - a draw to repeat, not a secret


def evaluate_evasion(
    candidate: Candidate,
    toxic_texts: Sequence[str],
    thresholds: Sequence[Threshold],
    *,
    seed: int,
    progress: Progress | None = None,
) -> list[EvasionResult]:
    """Recall on toxic texts before and after each disguise, at each toxicity threshold."""
    texts = disguisable(toxic_texts, seed)
    if not texts:
        return []
    before = np.nan_to_num(candidate.score_texts(texts, progress).of[HEADLINE])
    results = []
    for kind in PERTURBATIONS:
        random = Random(seed)  # noqa: S311 - a draw to repeat, not a secret
        disguised = [perturb(text, kind, random) for text in texts]
        scored = candidate.score_texts(disguised, progress)
        after = np.nan_to_num(scored.of[HEADLINE])
        for threshold in thresholds:
            if threshold.label != HEADLINE:
                continue
            had = float(flags(before, threshold.comparison, threshold.value).mean())
            has = float(flags(after, threshold.comparison, threshold.value).mean())
            results.append(
                EvasionResult(
                    perturbation=kind,
                    comparison=threshold.comparison,
                    threshold=threshold.value,
                    rows=len(texts),
                    recall_before=had,
                    recall_after=has,
                    kept=has / had if had else None,
                    recognised=float(scored.obfuscated.mean()),
                )
            )
    return results
