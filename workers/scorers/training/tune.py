"""Tune the upper layers for toxicity on all sets at once.

python -m workers.scorers.training.tune --data FOLDER --encoder FOLDER --out FOLDER --steps N
`--minutes` instead of `--steps` stops by the clock and prints the steps that repeat the run.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from workers.scorers.token_ids import TextTokens
from workers.scorers.training.contrast import SOURCE as CONTRAST
from workers.scorers.training.contrast import contrast_examples
from workers.scorers.training.corpus import HEADS, READERS, Example, read_corpus
from workers.scorers.training.export_encoder import LAYERS, read_weights
from workers.scorers.training.network import CompactNetwork
from workers.scorers.training.variation import bare, evaded

log = logging.getLogger(__name__)

SEED = 20261122
LONGEST = 80
TOKENS_PER_BATCH = 1152
POOL = 2048  # examples sorted by length together before they are cut into batches
TOP_RATE, LAYER_DECAY, HEAD_RATE = 1.2e-4, 0.85, 1.5e-3
WARM_UP, COOL_DOWN = 100, 0.3
WEIGHT_DECAY = 0.01
SMOOTHING = 0.02
CONTRAST_COUNT = 2400
BARE_SHARE, EVADED_SHARE = 0.35, 0.05
SAVE_EVERY = 200
SOURCES = (*READERS, CONTRAST)
# Passes over (non-toxic, toxic) examples of a set in one round; the news sets count most.
PASSES: dict[str, tuple[float, float]] = {
    "wiki_jigsaw": (0.22, 0.55),
    "wiki_detox_testset": (1.0, 1.0),
    "wiki_crowd_subtypes": (0.5, 1.0),
    "wiki_context_cat": (0.08, 1.0),
    "civil_balanced_normalised": (2.2, 1.8),
    "civil_toxic_spans": (0.6, 0.6),
    "surge_toxicity": (1.5, 1.5),
    "fox_news": (1.0, 1.0),
    "hatemoji": (0.4, 0.4),
    "edos_sexism": (0.08, 0.35),
    "openai_moderation": (0.7, 1.0),
    CONTRAST: (1.0, 1.0),
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
    draw = chooser.random()
    always_bare = example.source == "civil_balanced_normalised"
    share = 0.65 if example.raw_targets is not None else BARE_SHARE
    if always_bare or draw < share:
        return bare(example.text), dict(example.targets)
    targets = example.raw_targets if example.raw_targets is not None else example.targets
    if draw > 1 - EVADED_SHARE and example.toxic():
        return evaded(example.text, chooser), dict(targets)
    return example.text, dict(targets)


def batches(examples: list[Example], tokens: TextTokens, chooser: random.Random) -> Iterator[Batch]:
    """Endless batches of texts of like length."""
    while True:
        order = one_round(examples, chooser)
        for start in range(0, len(order), POOL):
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


def loss_of(network: CompactNetwork, batch: Batch) -> torch.Tensor:
    """Weighted cross-entropy over the targets that exist."""
    logits = network(batch.ids, batch.mask)
    shift = torch.zeros_like(logits)
    shift[:, :1] = network.source_bias(batch.sources)
    losses = torch.nn.functional.binary_cross_entropy_with_logits(
        logits + shift, batch.targets.clamp(min=0), reduction="none"
    )
    return (losses * batch.weights).sum() / batch.ids.shape[0]


def optimiser(network: CompactNetwork) -> torch.optim.AdamW:
    """A lower rate for each layer further down, a higher one for the heads."""
    groups = [
        {"params": list(layer.parameters()), "lr": TOP_RATE * LAYER_DECAY ** (LAYERS - 1 - number)}
        for number, layer in network.layers().items()
    ]
    heads = [*network.heads.parameters(), *network.source_bias.parameters()]
    groups.append({"params": heads, "lr": HEAD_RATE})
    for group in groups:
        group["base"] = group["lr"]
    return torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)


def tune(options: argparse.Namespace) -> None:
    """Train, save a checkpoint now and then, and cool down at the end."""
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("medium")
    chooser = random.Random(SEED)  # noqa: S311 - sampling, no secret
    examples = [e for e in read_corpus(options.data) if not e.kept_out]
    examples += list(contrast_examples(CONTRAST_COUNT, SEED))
    log.info("%d examples", len(examples))
    tokens = TextTokens(options.encoder / "tokenizer.json", LONGEST)
    network = CompactNetwork(read_weights(options.encoder), options.fixed_layers, SOURCES)
    network.train()
    steps = optimiser(network)
    began, last, seen, mean = time.monotonic(), options.steps, 0, 0.0
    for number, batch in enumerate(batches(examples, tokens, chooser)):
        minutes = (time.monotonic() - began) / 60
        if last is None and minutes > options.minutes * (1 - COOL_DOWN):
            last = int(number / (1 - COOL_DOWN))
            log.info("cooling down: repeat with --steps %d", last)
        if last is not None and number >= last:
            break
        factor = min(1.0, (number + 1) / WARM_UP)
        if last is not None and number >= last * (1 - COOL_DOWN):
            factor = max(0.02, (last - number) / (last * COOL_DOWN))
        for group in steps.param_groups:
            group["lr"] = group["base"] * factor
        loss = loss_of(network, batch)
        steps.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in network.parameters() if p.requires_grad], 1.0)
        steps.step()
        seen += len(batch.ids)
        mean = loss.item() if number == 0 else 0.98 * mean + 0.02 * loss.item()
        if number % 20 == 0:
            log.info("%.1f min step %d seen %d loss %.4f", minutes, number, seen, mean)
        if number and number % SAVE_EVERY == 0:
            _save(network, options.out / "middle.pt")
    _save(network, options.out / "tuned.pt")


def _save(network: CompactNetwork, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), path)


def main() -> None:
    """Command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="labelled sets (csv.gz)")
    parser.add_argument("--encoder", type=Path, required=True, help="published encoder weights")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--fixed-layers", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    tune(parser.parse_args())


if __name__ == "__main__":
    main()
