"""ROC-AUC of compact on every set, those it may not be trained on included.

python -m workers.scorers.training.cross_sets --data FOLDER --model FOLDER --out FILE
Sets used in training count by their kept-out rows only.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.scorers.compact import CompactScorer
from workers.scorers.training.corpus import READERS, is_kept_out, read_rows
from workers.scorers.training.measures import roc_auc

log = logging.getLogger(__name__)

CROSS = ("globe_c3", "globe_ucc", "globe_ctc", "insults_impermium", "olid_tweets")
SUITES = ("hatecheck", "identity_templates")
TRAINED = tuple(name for name in READERS if name != "civil_toxic_spans")
# The templates are 38,000 short rows of one make: one in so many shows the same figure.
THINNED = {"identity_templates": 8, "olid_tweets": 4}
Scores = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts of one set with their toxic flag."""

    name: str
    texts: Sequence[str]
    toxic: NDArray[np.bool_]


def labelled(folder: Path, name: str) -> Labelled:
    """Rows of a set; only kept-out ones where the set is trained on."""
    step = THINNED.get(name, 1)
    rows = [row for i, row in enumerate(read_rows(folder / f"{name}.csv.gz")) if i % step == 0]
    if name in READERS:
        rows = [row for row in rows if is_kept_out(row["text"])]
    if name == "wiki_jigsaw":
        rows = [row for row in rows if row["sampling"] == "natural_first20k_of_train"]
    toxic = np.array([float(row["toxic"]) >= 0.5 for row in rows])
    return Labelled(name, [row["text"] for row in rows], toxic)


def table(folder: Path, scores: Scores, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Rows, toxic rows and AUC per set."""
    figures = {}
    for name in names:
        part = labelled(folder, name)
        auc = roc_auc(part.toxic, np.asarray(scores(part.texts), dtype=np.float64))
        figures[name] = {
            "rows": len(part.texts), "toxic": int(part.toxic.sum()), "auc": round(auc, 4),
        }  # fmt: skip
        log.info("%s %s", name, figures[name])
    return figures


def main() -> None:
    """Command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    scorer = CompactScorer(options.model)
    figures = table(
        options.data,
        lambda texts: scorer.score_texts(texts).values[:, 0],
        (*CROSS, *SUITES, *TRAINED),
    )
    options.out.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
