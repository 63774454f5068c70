"""Fit one logistic curve per label on kept-out rows, so that a score reads as a probability.

python -m workers.scorers.training.calibrate --data FOLDER --out MODEL_FOLDER --version TEXT
Reads the mix from model.json in the model's folder and writes the curves back into it.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from workers.scorers.compact import CompactScorer
from workers.scorers.training.corpus import Example, read_corpus
from workers.scorers.training.measures import expected_calibration_error, roc_auc
from workers.scorers.training.train_linear import LABEL_HEADS

log = logging.getLogger(__name__)

# Talk pages are the only sets whose share of toxic rows is that of ordinary traffic.
NATURAL = ("wiki_context_cat", "wiki_detox_testset")
# Sets that speak to other labels, with one row used in so many.
OTHERS = {
    "wiki_jigsaw": 1, "wiki_crowd_subtypes": 1, "hatemoji": 2, "edos_sexism": 4,
    "openai_moderation": 1, "fox_news": 1,
}  # fmt: skip
# Shares of the finer labels in ordinary traffic: those of the Jigsaw 2018 training rows, and for
# sexual_explicit an assumption, as no natural sample carries it. Rows are weighed to match.
NATURAL_SHARE = {
    "severe_toxicity": 0.010, "obscene": 0.053, "threat": 0.003, "insult": 0.049,
    "identity_attack": 0.009, "sexual_explicit": 0.005,
}  # fmt: skip
FEWEST_POSITIVE = 8
# Gentle for labels with a dozen wanted rows, without effect where there are hundreds.
PENALTY = 10.0
SMALLEST_SLOPE = 0.05
EDGE = 1e-6
PLAIN_CURVE = {"slope": 1.0, "offset": 0.0}


def calibration_rows(examples: Sequence[Example]) -> list[Example]:
    """Kept-out rows of natural traffic, and of the sets that carry the finer labels."""
    rows = []
    for number, example in enumerate(e for e in examples if e.kept_out):
        finer = example.source in OTHERS and number % OTHERS[example.source] == 0
        if is_natural(example) or (finer and set(example.targets) - {"shared", "wiki"}):
            rows.append(example)
    return rows


def is_natural(example: Example) -> bool:
    """Whether the row was drawn as comments come, not by its label."""
    return example.natural or example.source in NATURAL


def weights_of(wanted: NDArray[np.bool_], share: float | None) -> NDArray[np.float64]:
    """Row weights under which `share` of the rows is wanted; all 1 for None."""
    if share is None:
        return np.ones(len(wanted))
    found = wanted.mean()
    return np.where(wanted, share / found, (1 - share) / (1 - found))


def curve_of(
    logits: NDArray[np.float64], wanted: NDArray[np.bool_], weights: NDArray[np.float64]
) -> Mapping[str, float]:
    """Slope and offset of the logistic curve; the slope stays positive, so ranks are kept."""
    model = LogisticRegression(C=PENALTY, max_iter=1000)
    model.fit(logits[:, None], wanted, sample_weight=weights)
    slope = max(float(model.coef_[0, 0]), SMALLEST_SLOPE)
    return {"slope": round(slope, 5), "offset": round(float(model.intercept_[0]), 5)}


def measured(
    logits: NDArray[np.float64], wanted: NDArray[np.bool_], weights: NDArray[np.float64]
) -> dict[str, float]:
    """AUC, and the calibration error of curves fitted on one half and read on the other."""
    half = np.arange(len(wanted)) % 2 == 0
    chances = np.zeros(len(wanted))
    for part in (half, ~half):
        curve = curve_of(logits[part], wanted[part], weights[part])
        chances[~part] = 1 / (1 + np.exp(-(curve["slope"] * logits[~part] + curve["offset"])))
    return {
        "auc": round(roc_auc(wanted, logits), 4),
        "ece": round(expected_calibration_error(wanted, chances, weights), 4),
    }


def calibrate(data: Path, folder: Path, version: str) -> None:
    """Score the kept-out rows uncalibrated, fit the curves and write them into model.json."""
    path = folder / "model.json"
    description: dict[str, Any] = json.loads(path.read_text("utf-8"))
    labels = list(LABEL_HEADS)
    curves: dict[str, Mapping[str, float]] = dict.fromkeys(labels, PLAIN_CURVE)
    description |= {"version": version, "labels": labels}
    description["calibration"] = {"id": "none", "curves": curves}
    path.write_text(json.dumps(description, indent=2) + "\n", "utf-8")
    rows = calibration_rows(read_corpus(data))
    chances = CompactScorer(folder).score_texts([e.text for e in rows]).values.astype(np.float64)
    chances = np.clip(chances, EDGE, 1 - EDGE)
    logits = np.log(chances / (1 - chances))
    report: dict[str, Any] = {}
    for number, (label, head) in enumerate(LABEL_HEADS.items()):
        natural = label == "toxicity"
        used = [
            i for i, e in enumerate(rows) if head in e.targets and (is_natural(e) or not natural)
        ]
        wanted = np.array([rows[i].targets[head] >= 0.5 for i in used])
        report[label] = {"rows": len(used), "positive": int(wanted.sum())}
        if wanted.sum() >= FEWEST_POSITIVE:
            weights = weights_of(wanted, NATURAL_SHARE.get(label))
            curves[label] = curve_of(logits[used, number], wanted, weights)
            report[label] |= measured(logits[used, number], wanted, weights)
    description["calibration"] = {
        "id": f"logistic-{version}", "curves": curves, "measured": report,
    }  # fmt: skip
    path.write_text(json.dumps(description, indent=2) + "\n", "utf-8")
    log.info("%s", json.dumps(report, indent=2))


def main() -> None:
    """Command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    calibrate(options.data, options.out, options.version)


if __name__ == "__main__":
    main()
