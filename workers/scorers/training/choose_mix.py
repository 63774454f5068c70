"""Compare ways to mix the heads and the n-gram model into one toxicity, on sets never trained on.

python -m workers.scorers.training.choose_mix --data FOLDER --model FOLDER --out FOLDER
Writes the heads' outputs to outputs.npz, so that a second call needs no encoder, and a table of
ROC-AUC per candidate and set to mixes.json. The test suites are shown, never chosen by.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.scorers.encoder import Encoder
from workers.scorers.ngrams import LinearModel
from workers.scorers.training.corpus import HEADS
from workers.scorers.training.cross_sets import Labelled, labelled
from workers.scorers.training.measures import roc_auc
from workers.scorers.training.mix import NGRAMS, TOXICITY

log = logging.getLogger(__name__)

# Rows kept of each class, by a hash of the text: enough for two digits of AUC in little time.
MOST_PER_CLASS = {
    "civil_balanced_normalised": 700,
    "globe_c3": 900,
    "globe_ucc": 900,
    "insults_impermium": 700,
    "wiki_jigsaw": 1200,
    "wiki_context_cat": 600,
    "hatecheck": 600,
    "identity_templates": 700,
}
DECIDING = (
    "civil_balanced_normalised", "globe_c3", "globe_ucc", "insults_impermium", "wiki_jigsaw",
)  # fmt: skip
Mix = Mapping[str, float]
ALL_THREE = {"shared": 0.34, "wiki": 0.33, "news": 0.33}
TUNED_MIX = {"wiki": 0.5, "news": 0.25, "insult": 0.25}


def with_hostility(share: float, ngrams: float) -> Mix:
    """The tuned mix with `share` (0-1) of it given to hostility, beside the n-grams."""
    rest = {head: weight * (1 - share) for head, weight in TUNED_MIX.items()}
    return {**rest, "hostility": share, NGRAMS: ngrams}


CANDIDATES: Mapping[str, Mix] = {
    "as it ships": TOXICITY,
    "n-grams alone": {NGRAMS: 1.0},
    "shared": {"shared": 1.0},
    "wiki": {"wiki": 1.0},
    "news": {"news": 1.0},
    "hostility": {"hostility": 1.0},
    "wiki + news": {"wiki": 0.5, "news": 0.5},
    "shared + wiki + news": ALL_THREE,
    "the same + clear": {"shared": 0.3, "wiki": 0.25, "news": 0.25, "clear": 0.2},
    "the same + insult": {"shared": 0.3, "wiki": 0.25, "news": 0.25, "insult": 0.2},
    **{f"the same + n-grams {w}": {**ALL_THREE, NGRAMS: w} for w in (0.2, 0.4, 0.6, 0.8, 1.1, 1.5)},
    "wiki, news, insult": TUNED_MIX,
    **{f"wiki, news, insult + n-grams {w}": {**TUNED_MIX, NGRAMS: w} for w in (0.2, 0.4, 0.8)},
    **{
        f"hostility {h} + n-grams {w}": with_hostility(h, w)
        for h in (0.1, 0.2, 0.3, 0.4)
        for w in (0.1, 0.2, 0.4)
    },
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """Everything a mix may use, for the rows of one set: (rows, heads) and the n-gram logit."""

    heads: NDArray[np.float32]
    ngrams: NDArray[np.float32]
    toxic: NDArray[np.bool_]

    def mixed(self, mix: Mix) -> NDArray[np.float64]:
        """The weighted sum of heads and n-grams."""
        total = self.ngrams.astype(np.float64) * mix.get(NGRAMS, 0.0)
        for head, weight in mix.items():
            if head != NGRAMS:
                total = total + self.heads[:, HEADS.index(head)] * weight
        return total


def thinned(part: Labelled) -> Labelled:
    """At most so many rows of each class, the same ones every time."""
    most = MOST_PER_CLASS[part.name]
    digests = [hashlib.sha256(t.encode("utf-8", "replace")).hexdigest() for t in part.texts]
    order = sorted(range(len(digests)), key=lambda i: digests[i])
    kept: list[int] = []
    for value in (False, True):
        kept += [i for i in order if part.toxic[i] == value][:most]
    return Labelled(part.name, [part.texts[i] for i in kept], part.toxic[kept])


def outputs_of(data: Path, model: Path, out: Path, threads: int) -> dict[str, Outputs]:
    """Outputs of every set, read from `out` where an earlier call left them."""
    store = out / "outputs.npz"
    if not store.is_file():
        encoder = Encoder(model, threads, remembered=0)
        linear = LinearModel(model / "ngrams.npz")
        arrays: dict[str, NDArray] = {}
        for name in MOST_PER_CLASS:
            part = thinned(labelled(data, name))
            arrays[f"{name}/heads"] = encoder.read(part.texts).heads
            arrays[f"{name}/ngrams"] = linear.logits(part.texts)[:, 0]
            arrays[f"{name}/toxic"] = part.toxic
            log.info("%s done", name)
        out.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(store, **arrays)
    with np.load(store) as stored:
        return {
            name: Outputs(*(stored[f"{name}/{key}"] for key in ("heads", "ngrams", "toxic")))
            for name in MOST_PER_CLASS
        }


def compare(outputs: Mapping[str, Outputs]) -> dict[str, dict[str, float]]:
    """AUC of each candidate on each set, and the mean over the sets that decide."""
    rows = {}
    for name, mix in CANDIDATES.items():
        figures = {
            part: round(roc_auc(found.toxic, found.mixed(mix)), 4)
            for part, found in outputs.items()
        }
        figures["mean"] = round(float(np.mean([figures[part] for part in DECIDING])), 4)
        rows[name] = figures
        log.info("%-24s %s", name, " ".join(f"{v:.3f}" for v in figures.values()))
    return rows


def main() -> None:
    """Command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    outputs = outputs_of(options.data, options.model, options.out, options.threads)
    table = compare(outputs)
    (options.out / "mixes.json").write_text(json.dumps(table, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
