"""Builds what the Detoxify routes run on: a random checkpoint and its exports. Needs torch.

Started by workers.bench.scoring as `python -m workers.bench.scoring_models FOLDER SEED`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from workers.scorers.export import export_detoxify
from workers.scorers.random_checkpoint import write_random_checkpoint
from workers.scorers.registry import SHIPPED_DIR, ModelEntry, ModelFile, Registry, sha256_of

EXACT, FAST = "bench-fp32", "bench-int8"
CHECKPOINT = "random.ckpt"
HUB_FOLDER = "hf"
TOKENIZER = SHIPPED_DIR / "compact" / "tokenizer.json"


def build(folder: Path, seed: int) -> None:
    """Write both models below `folder`, each exported in its precision."""
    exact = folder / EXACT
    exact.mkdir(parents=True)
    hub = exact / HUB_FOLDER
    write_random_checkpoint(exact / CHECKPOINT, hub, TOKENIZER, seed=seed)
    files = [CHECKPOINT, *(f"{HUB_FOLDER}/{path.name}" for path in sorted(hub.iterdir()))]
    (folder / FAST / HUB_FOLDER).mkdir(parents=True)
    for name in files:
        os.link(exact / name, folder / FAST / name)
    entries = {name: _entry(name, exact, files) for name in (EXACT, FAST)}
    registry = Registry(entries=entries, models_dir=folder)
    export_detoxify(registry, EXACT)
    export_detoxify(registry, FAST, int8=True)


def _entry(name: str, folder: Path, files: list[str]) -> ModelEntry:
    return ModelEntry(
        name=name,
        task=("toxicity",),
        kind="fetched",
        version="random",
        files=tuple(ModelFile(path, sha256=sha256_of(folder / path)) for path in files),
        licence="none: random weights",
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]))
