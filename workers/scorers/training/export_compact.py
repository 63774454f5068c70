"""Write the tuned layers as the ONNX graph that compact runs.

python -m workers.scorers.training.export_compact --tuned FILE --encoder FOLDER --out FOLDER
Writes model.json with the mix as well; calibrate.py completes it.
With --embedding the graph also gives the sentence vector of the shipped encoder, from the same
pass through the layers both share.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from workers.scorers.training.bert_graph import EXACT, BertGraph, State, save
from workers.scorers.training.corpus import HEADS
from workers.scorers.training.export_encoder import (
    BITS,
    LAYERS,
    POSITIONS,
    WIDTH,
    read_weights,
    write_tokenizer,
)
from workers.scorers.training.export_encoder import HEADS as ATTENTION_HEADS
from workers.scorers.training.mix import MIX

BLOCK = 64  # as the shipped encoder, so that the shared layers are the same numbers
FIXED_LAYERS = 3
FAR_BELOW = -1e4
TUNED = "tuned."
LONGEST_WINDOW = 128
DESCRIPTION = {
    "licence": "Apache-2.0",
    "files": ["model.onnx", "tokenizer.json", "ngrams.npz"],
    "max_tokens": LONGEST_WINDOW,
    "heads": list(HEADS),
    "mix": MIX,
}


def graph_of(state: State, tuned: State, *, embedding: bool, bits: int) -> BertGraph:
    """Shared layers, tuned layers with pooling and heads, and on demand the encoder's own top."""
    renamed = {
        TUNED + name.removeprefix("bert."): value
        for name, value in tuned.items()
        if name.startswith("bert.encoder.")
    }
    graph = BertGraph({**state, **renamed}, heads=ATTENTION_HEADS, block=BLOCK, bits=bits)
    graph.mask()
    hidden = graph.embeddings(POSITIONS)
    for number in range(FIXED_LAYERS):
        hidden = graph.layer(hidden, f"encoder.layer.{number}", f"shared{number + 1}")
    shared = hidden
    for number in range(FIXED_LAYERS, LAYERS):
        hidden = graph.layer(hidden, f"{TUNED}encoder.layer.{number}", f"tuned{number + 1}")
    _add_heads(graph, hidden, tuned)
    if embedding:
        hidden = shared
        for number in range(FIXED_LAYERS, LAYERS):
            hidden = graph.layer(hidden, f"encoder.layer.{number}", f"layer{number + 1}")
        graph.mean(hidden, "sentence")
        graph.add("LpNormalization", ["sentence"], "embedding", axis=-1, p=2)
    return graph


def _add_heads(graph: BertGraph, hidden: str, tuned: State) -> None:
    """Mean, maximum and first token side by side, and one linear output per head."""
    graph.mean(hidden, "mean")
    one = graph.constant("one", np.array(1.0, dtype=np.float32))
    far = graph.constant("far_below", np.array(-FAR_BELOW, dtype=np.float32))
    graph.add("Sub", ["weights", one], "padding")
    graph.add("Mul", ["padding", far], "lowering")
    graph.add("Add", [hidden, "lowering"], "lowered")
    graph.add("ReduceMax", ["lowered"], "highest", axes=[1], keepdims=0)
    first = graph.constant("first_token", np.array(0, dtype=np.int64))
    graph.add("Gather", [hidden, first], "first", axis=1)
    graph.add("Concat", ["mean", "highest", "first"], "pooled", axis=1)
    weight = graph.constant("heads.weight", tuned["heads.weight"].astype(np.float32))
    bias = graph.constant("heads.bias", tuned["heads.bias"].astype(np.float32))
    graph.add("Gemm", ["pooled", weight, bias], "heads", transB=1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tuned", type=Path, required=True, help="checkpoint of tune.py")
    parser.add_argument("--encoder", type=Path, required=True, help="published encoder weights")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--embedding", action="store_true")
    parser.add_argument("--bits", type=int, choices=(BITS, EXACT), default=BITS)
    options = parser.parse_args()
    loaded = torch.load(options.tuned, map_location="cpu", weights_only=True)
    tuned = {name: value.numpy() for name, value in loaded.items()}
    graph = graph_of(
        read_weights(options.encoder), tuned, embedding=options.embedding, bits=options.bits
    )
    outputs = {"heads": len(HEADS)}
    if options.embedding:
        outputs["embedding"] = WIDTH
    save(graph.model(outputs, "parley"), options.out / "model.onnx")
    write_tokenizer(options.encoder / "tokenizer.json", options.out / "tokenizer.json")
    (options.out / "model.json").write_text(json.dumps(DESCRIPTION, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
