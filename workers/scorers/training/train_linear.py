"""Train the linear part of compact: logistic regression on hashed n-grams.

python -m workers.scorers.training.train_linear --data FOLDER --out FOLDER
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from workers.scorers.ngrams import BUCKETS, buckets_of
from workers.scorers.training.contrast import SOURCE as CONTRAST
from workers.scorers.training.contrast import contrast_examples
from workers.scorers.training.corpus import Example, read_corpus
from workers.scorers.training.written import SOURCE as WRITTEN
from workers.scorers.training.written import written_examples

log = logging.getLogger(__name__)

SEED = 20261122
CONTRAST_COUNT = 3600
STRENGTH = 4.0
ITERATIONS = 100
TOLERANCE = 1e-6
RAREST = 3  # a bucket seen in fewer texts carries no weight
BYTE = 127.0
PRIOR = 0.1  # weight that each bucket has in both classes before any text is seen
LEAST_RATIO, GREATEST_RATIO = 0.2, 3.0
LABEL_HEADS = {
    "toxicity": "shared",
    "severe_toxicity": "severe_toxicity",
    "obscene": "obscene",
    "threat": "threat",
    "insult": "insult",
    "identity_attack": "identity_attack",
    "sexual_explicit": "sexual_explicit",
}
# Sets that share a rating question, so that toxic and other rows are weighed within them.
DOMAINS = {"civil_balanced_normalised": "news", "civil_toxic_spans": "news"}
DOMAIN_WEIGHT = {"news": 1.5}
# Toxicity is learnt from news comments and what we wrote. With talk pages as well the mix gained
# nothing on news sets, and lost on hate without harsh words (docs/models/compact.md).
TOXICITY_SETS = ("civil_balanced_normalised", "civil_toxic_spans", CONTRAST, WRITTEN)
NEGATIVES_KEPT = {"edos_sexism": 4, "wiki_context_cat": 3}  # one row in so many


@dataclass(frozen=True, slots=True)
class Features:
    """Scaled n-gram rows and the rarity they were scaled by."""

    rows: csr_matrix
    rarity: NDArray[np.float32]


def features_of(texts: Sequence[str]) -> Features:
    """Rows of length 1 whose n-grams weigh by inverse document frequency."""
    found = [buckets_of(text) for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(f) for f in found])])
    columns = np.concatenate(found)
    seen = np.bincount(columns, minlength=BUCKETS)
    rarity = np.where(seen >= RAREST, np.log((1 + len(texts)) / (1 + seen)) + 1, 0.0)
    rarity = rarity.astype(np.float16).astype(np.float32)
    rows = csr_matrix((rarity[columns], columns, starts), shape=(len(texts), BUCKETS))
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(length, 1e-6), np.diff(starts)).astype(np.float32)
    return Features(rows, rarity)


def weights_of(examples: Sequence[Example], wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Within each domain, toxic and other rows get the same total weight, at most five times."""
    weights = np.ones(len(examples))
    domains = np.array([DOMAINS.get(e.source, e.source) for e in examples])
    for domain in set(domains):
        here = domains == domain
        for value in (False, True):
            part = here & (wanted == value)
            if part.any():
                share = min(5.0, here.sum() / (2 * part.sum()))
                weights[part] = share * DOMAIN_WEIGHT.get(domain, 1.0)
    return weights


def ratios_of(
    rows: csr_matrix, wanted: NDArray[np.bool_], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How unevenly each bucket falls on the classes, as the absolute logarithm of its odds.

    Scaling the features by it before the regression (Wang and Manning 2012) lets words that
    tell the classes apart cost less of the penalty.
    """
    yes, no = (
        np.asarray(rows[part].multiply(shares[part][:, None]).sum(axis=0)).ravel() + PRIOR
        for part in (wanted, ~wanted)
    )
    odds = np.log((yes / yes.sum()) / (no / no.sum()))
    return np.clip(np.abs(odds), LEAST_RATIO, GREATEST_RATIO)


def _speaks_to(example: Example, label: str, head: str) -> bool:
    """Whether the label's regression learns from this example."""
    if label == "toxicity":
        return example.source in TOXICITY_SETS and head in example.targets
    return example.source != WRITTEN and head in example.targets


def training_examples(folder: Path) -> list[Example]:
    """All training rows, fewer of the many non-toxic rows of two sets, and what we wrote."""
    kept: list[Example] = []
    for number, example in enumerate(read_corpus(folder)):
        thinned = not example.toxic() and number % NEGATIVES_KEPT.get(example.source, 1)
        if not example.kept_out and not thinned:
            kept.append(example)
    written = [example for example in written_examples() if not example.kept_out]
    return kept + list(contrast_examples(CONTRAST_COUNT, SEED)) + written


def train(folder: Path, out: Path) -> None:
    """Fit one regression per label and write the weights as bytes."""
    examples = training_examples(folder)
    features = features_of([example.text for example in examples])
    weights = np.zeros((BUCKETS, len(LABEL_HEADS)), dtype=np.float32)
    bias = np.zeros(len(LABEL_HEADS), dtype=np.float32)
    for number, (label, head) in enumerate(LABEL_HEADS.items()):
        rows = [i for i, example in enumerate(examples) if _speaks_to(example, label, head)]
        chosen = [examples[i] for i in rows]
        wanted = np.array([example.targets[head] >= 0.5 for example in chosen])
        shares = weights_of(chosen, wanted)
        ratios = ratios_of(features.rows[rows], wanted, shares)
        model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, tol=TOLERANCE)
        model.fit((features.rows[rows] @ diags(ratios)).tocsr(), wanted, sample_weight=shares)
        weights[:, number], bias[number] = model.coef_[0] * ratios, model.intercept_[0]
        log.info("%s: %d rows, %d positive", label, len(rows), int(wanted.sum()))
    peak = np.abs(weights).max(axis=0)
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        out / "ngrams.npz",
        weights=np.rint(weights / peak * BYTE).astype(np.int8),
        scales=(peak / BYTE).astype(np.float32),
        rarity=features.rarity.astype(np.float16),
        bias=bias,
    )


def main() -> None:
    """Command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    train(options.data, options.out)


if __name__ == "__main__":
    main()
