"""The ways of scoring that are compared, and what each needs. Light: imports no model library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# (texts, labels), or (texts, dimensions) for the embedding.
Values = NDArray[np.float32]
ScoreTexts = Callable[[Sequence[str]], Values]

# Multiply-adds of one layer per token: four h x h projections and two h x 4h, two operations each.
OPERATIONS_PER_WEIGHT = 24
# Attention adds 2 x 2 x length x h operations per token and layer.
OPERATIONS_OF_ATTENTION = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """A transformer encoder's shape, to count the operations it must do."""

    layers: int
    hidden: int

    def operations(self, tokens: int) -> int:
        """Operations for one text of this many tokens (embedding and head left out)."""
        weights = OPERATIONS_PER_WEIGHT * self.hidden**2
        return self.layers * tokens * (weights + OPERATIONS_OF_ATTENTION * tokens * self.hidden)


BERT_BASE = Shape(layers=12, hidden=768)
MINILM = Shape(layers=6, hidden=384)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a route finds its models, and how it may run. The cascade asks Detoxify for the texts
    that scoring_texts.drawn(text, unsure_share, unsure_salt) draws."""

    models_dir: Path
    hub_folder: Path
    checkpoint: Path
    threads: int
    unsure_share: float
    unsure_salt: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the comparison. `opener` is `module:function` taking a Place; a child process
    imports that module only, so that its memory is its own. `needs` are packages."""

    name: str
    title: str
    opener: str
    needs: tuple[str, ...] = ()
    shape: Shape | None = None
    int8: bool = False
    ships: bool = True


_TORCH = ("torch", "detoxify", "transformers")
_LIBRARY = "workers.bench.scoring_detoxify"
_OURS = "workers.bench.scoring_ours"

ROUTES: Mapping[str, Route] = {
    route.name: route
    for route in (
        Route("detoxify-one", "Detoxify.predict, one by one", f"{_LIBRARY}:one_by_one", _TORCH,
              BERT_BASE, ships=False),
        Route("detoxify-32", "Detoxify.predict, batches of 32", f"{_LIBRARY}:in_batches", _TORCH,
              BERT_BASE, ships=False),
        Route("onnx-fp32", "Parley, ONNX fp32", f"{_OURS}:onnx_fp32", _TORCH, BERT_BASE),
        Route("onnx-int8", "Parley, ONNX int8", f"{_OURS}:onnx_int8", _TORCH, BERT_BASE, int8=True),
        Route("compact", "Parley, compact", f"{_OURS}:compact"),
        Route("compact-relevance", "Parley, compact and relevance", f"{_OURS}:compact_relevance"),
        Route("embedding", "Parley, embedding alone", f"{_OURS}:embedding", (), MINILM),
        Route("cascade", "Parley, cascade", f"{_OURS}:cascade", _TORCH),
    )
}  # fmt: skip
