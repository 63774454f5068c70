"""Fit one logistic curve per label on kept-out rows, so that a score reads as a probability.

python -m workers.scorers.training.calibrate --data FOLDER --out MODEL_FOLDER --version TEXT
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from workers.scorers.compact import CompactScorer
from workers.scorers.training.corpus import Example, read_corpus
from workers.scorers.training.measures import expected_calibration_error, roc_auc
from workers.scorers.training.train_linear import LABEL_HEADS

# Talk pages are the only sets whose share of toxic rows is that of ordinary traffic.
NATURAL = ("wiki_context_cat", "wiki_detox_testset")
FEWEST_POSITIVE = 8
WEAKEST_PENALTY = 1e3
PLAIN_CURVE = {"slope": 1.0, "offset": 0.0}


def calibration_rows(examples: list[Example], label: str) -> list[Example]:
    """Kept-out rows that carry the label: natural traffic for toxicity, all sets for others."""
    head = LABEL_HEADS[label]
    rows = [e for e in examples if e.kept_out and head in e.targets]
    if label == "toxicity":
        return [e for e in rows if e.natural or e.source in NATURAL]
    return rows


def curve_of(logits: NDArray[np.float64], wanted: NDArray[np.bool_]) -> Mapping[str, float]:
    """Slope and offset of the logistic curve; the slope stays positive, so ranks are kept."""
    model = LogisticRegression(C=WEAKEST_PENALTY).fit(logits[:, None], wanted)
    slope = max(float(model.coef_[0, 0]), 0.05)
    return {"slope": round(slope, 5), "offset": round(float(model.intercept_[0]), 5)}


def calibrate(data: Path, folder: Path, version: str) -> None:
    """Measure the model uncalibrated, fit the curves and write them into model.json."""
    path = folder / "model.json"
    description: dict[str, Any] = json.loads(path.read_text("utf-8"))
    labels = list(LABEL_HEADS)
    curves: dict[str, Mapping[str, float]] = {label: PLAIN_CURVE for label in labels}
    description |= {"version": version, "labels": labels}
    description["calibration"] = {"id": "none", "curves": curves}
    path.write_text(json.dumps(description, indent=2) + "\n", "utf-8")
    examples = read_corpus(data)
    scorer = CompactScorer(folder)
    report: dict[str, Any] = {}
    for number, label in enumerate(labels):
        rows = calibration_rows(examples, label)
        wanted = np.array([e.targets[LABEL_HEADS[label]] >= 0.5 for e in rows])
        chance = scorer.score_texts([e.text for e in rows])[:, number].astype(np.float64)
        chance = np.clip(chance, 1e-7, 1 - 1e-7)
        logits = np.log(chance / (1 - chance))
        report[label] = {"rows": len(rows), "positive": int(wanted.sum())}
        if wanted.sum() < FEWEST_POSITIVE:
            continue
        curves[label] = curve_of(logits, wanted)
        slope, offset = curves[label]["slope"], curves[label]["offset"]
        fitted = 1 / (1 + np.exp(-(slope * logits + offset)))
        report[label] |= {
            "auc": round(roc_auc(wanted, fitted), 4),
            "ece": round(expected_calibration_error(wanted, fitted), 4),
        }
    description["calibration"] = {
        "id": f"logistic-{version}",
        "curves": curves,
        "measured": report,
    }
    path.write_text(json.dumps(description, indent=2) + "\n", "utf-8")
    print(json.dumps(report, indent=2))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    calibrate(options.data, options.out, options.version)


if __name__ == "__main__":
    main()
