"""Make workers/models/minilm from the sentence encoder's published weights.

python -m workers.scorers.training.export_encoder --data FOLDER --out FOLDER
FOLDER of --data holds model.safetensors and tokenizer.json of all-MiniLM-L6-v2.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from safetensors.numpy import load_file

from workers.scorers.training.bert_graph import EXACT, BertGraph, State, save

SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
HEADS = 12
LAYERS = 6
WIDTH = 384
POSITIONS = 256
BLOCK = 64
BITS = 8


def read_weights(folder: Path) -> State:
    """The encoder's weights; raises ValueError where a file is not the published one."""
    for name, expected in SHA256.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            raise ValueError(f"{name} has sha256 {found}, expected {expected}")
    return load_file(folder / "model.safetensors")


def sentence_graph(state: State, bits: int) -> BertGraph:
    """Encoder, mean over the tokens and division by the length, in one graph."""
    graph = BertGraph(state, heads=HEADS, block=BLOCK, bits=bits)
    graph.mask()
    hidden = graph.embeddings(POSITIONS)
    for number in range(LAYERS):
        hidden = graph.layer(hidden, f"encoder.layer.{number}", f"layer{number + 1}")
    graph.mean(hidden, "mean")
    graph.add("LpNormalization", ["mean"], "embedding", axis=-1, p=2)
    return graph


def write_tokenizer(source: Path, target: Path) -> None:
    """The same tokenizer without its fixed padding and truncation at 128 tokens."""
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    tokenizer["padding"] = None
    tokenizer["truncation"] = None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bits", type=int, choices=(BITS, EXACT), default=BITS)
    options = parser.parse_args()
    graph = sentence_graph(read_weights(options.data), options.bits)
    save(graph.model({"embedding": WIDTH}, "parley"), options.out / "model.onnx")
    write_tokenizer(options.data / "tokenizer.json", options.out / "tokenizer.json")


if __name__ == "__main__":
    main()
