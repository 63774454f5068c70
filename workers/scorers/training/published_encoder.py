"""The sentence encoder that compact is tuned from, as it was published."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from safetensors.numpy import load_file

from workers.scorers.training.bert_graph import State

SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
HEADS = 12
LAYERS = 6
WIDTH = 384
POSITIONS = 256
BLOCK = 64


def read_weights(folder: Path) -> State:
    """The encoder's weights; raises ValueError where a file is not the published one."""
    for name, expected in SHA256.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            raise ValueError(f"{name} has sha256 {found}, expected {expected}")
    return load_file(folder / "model.safetensors")


def write_tokenizer(source: Path, target: Path) -> None:
    """The same tokenizer without its fixed padding and truncation at 128 tokens."""
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    tokenizer["padding"] = None
    tokenizer["truncation"] = None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
