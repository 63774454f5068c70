"""Tune the encoder for toxicity on all sets at once, and hold its sentence vector where it was.

python -m workers.scorers.training.tune --data FOLDER --encoder FOLDER --out FOLDER --steps N
`--minutes` instead of `--steps` stops by the clock and prints the steps that repeat the run.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from pathlib import Path
from typing import Any

import torch

from workers.scorers.training.batches import SOURCES, Batch, batches
from workers.scorers.training.contrast import contrast_examples
from workers.scorers.training.corpus import read_corpus
from workers.scorers.training.network import CompactNetwork, Original
from workers.scorers.training.published_encoder import LAYERS, read_weights
from workers.scorers.training.written import written_examples

log = logging.getLogger(__name__)

SEED = 20261122
TOP_RATE, LAYER_DECAY, HEAD_RATE = 1.2e-4, 0.85, 1.5e-3
WARM_UP, COOL_DOWN, LEAST_RATE = 100, 0.3, 0.02
WEIGHT_DECAY = 0.01
CONTRAST_COUNT = 3600
# How firmly the sentence vector is held: weight of (1 - cosine), asked of every other batch.
HOLD, HOLD_EVERY = 20.0, 2
SAVE_EVERY = 200


def loss_of(network: CompactNetwork, batch: Batch, original: Original | None) -> torch.Tensor:
    """Weighted cross-entropy over the targets that exist, and how far the vectors have moved."""
    logits, vectors, fixed = network(batch.ids, batch.mask)
    shift = torch.zeros_like(logits)
    shift[:, :1] = network.source_bias(batch.sources)
    losses = torch.nn.functional.binary_cross_entropy_with_logits(
        logits + shift, batch.targets.clamp(min=0), reduction="none"
    )
    loss = (losses * batch.weights).sum() / batch.ids.shape[0]
    if original is not None:
        loss = loss + HOLD * moved(vectors, original(fixed, batch.mask))
    return loss


def moved(vectors: torch.Tensor, originals: torch.Tensor) -> torch.Tensor:
    """Mean of 1 - cosine between vectors and what they were."""
    return (1 - torch.nn.functional.cosine_similarity(vectors, originals)).mean()


def optimiser(network: CompactNetwork, share: float) -> torch.optim.AdamW:
    """A lower rate for each layer further down, a higher one for the heads; all times `share`."""
    groups: list[dict[str, Any]] = [
        {"params": list(layer.parameters()), "lr": TOP_RATE * LAYER_DECAY ** (LAYERS - 1 - number)}
        for number, layer in network.layers().items()
    ]
    heads = [*network.heads.parameters(), *network.source_bias.parameters()]
    groups.append({"params": heads, "lr": HEAD_RATE})
    for group in groups:
        group["base"] = group["lr"] = group["lr"] * share
    return torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)


def rate_factor(number: int, last: int | None, cool_down: float) -> float:
    """Share of the learning rates at a step: warming up, full, cooling down over a share."""
    if last is not None and number >= last * (1 - cool_down):
        return max(LEAST_RATE, (last - number) / (last * cool_down))
    return min(1.0, (number + 1) / WARM_UP)


def _networks(options: argparse.Namespace) -> tuple[CompactNetwork, Original]:
    network = CompactNetwork(read_weights(options.encoder), options.fixed_layers, SOURCES)
    original = Original(network)
    if options.start is not None:
        network.continue_from(torch.load(options.start, weights_only=True))
    return network.train(), original


def tune(options: argparse.Namespace) -> None:
    """Train, save a checkpoint now and then, and cool down at the end."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("medium")
    chooser = random.Random(options.seed)  # noqa: S311 - sampling, no secret
    examples = [e for e in read_corpus(options.data) if not e.kept_out]
    examples += list(contrast_examples(CONTRAST_COUNT, SEED))
    examples += [e for e in written_examples() if not e.kept_out]
    log.info("%d examples", len(examples))
    network, original = _networks(options)
    steps = optimiser(network, options.rate)
    began, last, seen, mean = time.monotonic(), options.steps, 0, 0.0
    for number, batch in enumerate(batches(examples, options.encoder, chooser)):
        minutes = (time.monotonic() - began) / 60
        if last is None and minutes > options.minutes * (1 - options.cool_down):
            last = int(number / (1 - options.cool_down))
            log.info("cooling down: repeat with --steps %d", last)
        if last is not None and number >= last:
            break
        factor = rate_factor(number, last, options.cool_down)
        for group in steps.param_groups:
            group["lr"] = group["base"] * factor
        loss = loss_of(network, batch, original if number % HOLD_EVERY == 0 else None)
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
    parser.add_argument("--fixed-layers", type=int, default=2)
    parser.add_argument("--start", type=Path, help="checkpoint of an earlier run to go on from")
    parser.add_argument("--rate", type=float, default=1.0, help="share of the learning rates, 0-1")
    parser.add_argument("--cool-down", type=float, default=COOL_DOWN, help="share of the run, 0-1")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--threads", type=int, default=2)
    tune(parser.parse_args())


if __name__ == "__main__":
    main()
