"""Mean of the weights of runs that went on from one another.

python -m workers.scorers.training.average --tuned FILE --tuned FILE ... --out FILE
What each run learnt last is kept in part, what all agree on in full (Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

Weights = Mapping[str, torch.Tensor]


def average(runs: Sequence[Weights]) -> dict[str, torch.Tensor]:
    """The mean of each weight; rows that an earlier run did not have yet are the later runs'.

    runs: state dicts in the order in which they were made, each at least as large as the one
    before. Raises ValueError where there is none.
    """
    if not runs:
        raise ValueError("there is no run to average")
    return {name: _mean([run[name] for run in runs]) for name in runs[-1]}


def _mean(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    last = parts[-1]
    if not last.is_floating_point():
        return last
    total, count = torch.zeros_like(last), torch.zeros_like(last)
    for part in parts:
        total[: len(part)] += part
        count[: len(part)] += 1
    return total / count


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tuned", type=Path, action="append", required=True, help="in order")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    runs = [torch.load(path, weights_only=True) for path in options.tuned]
    torch.save(average(runs), options.out)


if __name__ == "__main__":
    main()
