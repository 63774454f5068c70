"""Write the tuned encoder as the ONNX graph that compact and relevance share.

python -m workers.scorers.training.export_compact --tuned FILE --encoder FOLDER --out FOLDER
Writes model.json with the mix as well; calibrate.py completes it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from workers.scorers.training.bert_graph import EXACT, INTEGER, STORED, BertGraph, State, save
from workers.scorers.training.corpus import HEADS
from workers.scorers.training.mix import MIX
from workers.scorers.training.network import READ_LAYERS
from workers.scorers.training.published_encoder import (
    BLOCK,
    LAYERS,
    POSITIONS,
    WIDTH,
    write_tokenizer,
)
from workers.scorers.training.published_encoder import HEADS as ATTENTION_HEADS

FAR_BELOW = -1e4
DESCRIPTION = {
    "licence": "Apache-2.0",
    "files": ["model.onnx", "tokenizer.json", "ngrams.npz"],
    "heads": list(HEADS),
    "mix": MIX,
}


def graph_of(tuned: State, bits: int) -> BertGraph:
    """All layers once; heads on the pooled upper ones, the mean of the last as it is."""
    state = {name.removeprefix("bert."): value for name, value in tuned.items()}
    graph = BertGraph(state, heads=ATTENTION_HEADS, block=BLOCK, bits=bits)
    graph.mask()
    _prepare_maximum(graph)
    hidden = graph.embeddings(POSITIONS)
    pooled = []
    for number in range(LAYERS):
        hidden = graph.layer(hidden, f"encoder.layer.{number}", f"layer{number + 1}")
        if number + 1 in READ_LAYERS:
            pooled += _pooled(graph, hidden)
    graph.add("Concat", pooled, "pooled", axis=1)
    weight, bias = (
        graph.constant(f"heads.{part}", tuned[f"heads.{part}"].astype(np.float32))
        for part in ("weight", "bias")
    )
    graph.add("Gemm", ["pooled", weight, bias], "heads", transB=1)
    graph.add("Identity", [f"{hidden}.mean"], "sentence")
    return graph


def _prepare_maximum(graph: BertGraph) -> None:
    """What is added to padding, so that no maximum is found there."""
    one = graph.constant("one", np.array(1.0, dtype=np.float32))
    far = graph.constant("far_below", np.array(-FAR_BELOW, dtype=np.float32))
    graph.add("Sub", ["weights", one], "padding")
    graph.add("Mul", ["padding", far], "lowering")


def _pooled(graph: BertGraph, hidden: str) -> list[str]:
    """Mean, maximum and first token of one layer."""
    mean = graph.mean(hidden, f"{hidden}.mean")
    graph.add("Add", [hidden, "lowering"], f"{hidden}.lowered")
    highest = graph.add(
        "ReduceMax", [f"{hidden}.lowered"], f"{hidden}.highest", axes=[1], keepdims=0
    )
    place = graph.constant("first_token", np.array(0, dtype=np.int64))
    return [mean, highest, graph.add("Gather", [hidden, place], f"{hidden}.first_token", axis=1)]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tuned", type=Path, required=True, help="checkpoint of tune.py")
    parser.add_argument("--encoder", type=Path, required=True, help="published encoder weights")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bits", type=int, choices=(INTEGER, STORED, EXACT), default=INTEGER)
    options = parser.parse_args()
    loaded = torch.load(options.tuned, map_location="cpu", weights_only=True)
    tuned = {name: value.numpy() for name, value in loaded.items()}
    outputs = {"heads": len(HEADS), "sentence": WIDTH}
    save(graph_of(tuned, options.bits).model(outputs, "parley"), options.out / "model.onnx")
    write_tokenizer(options.encoder / "tokenizer.json", options.out / "tokenizer.json")
    (options.out / "model.json").write_text(json.dumps(DESCRIPTION, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
