"""What every route is given: the texts, and a stand-in for Detoxify where that is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from workers.bench.scoring_routes import Place
from workers.bench.scoring_texts import fair_salt

CHECKPOINT = Path("bench-fp32", "random.ckpt")
HUB_FOLDER = Path("bench-fp32", "hf")
BUILT = "built"  # marks a finished models folder


def build_models(models: Path, seed: int, say: Callable[[str], None]) -> str | None:
    """Build the Detoxify stand-in in `models`; returns what went wrong, if anything.

    One that is there already is kept. The checkpoint holds its folder's path: it must be built
    where it stays.
    """
    if (models / BUILT).exists():
        return None
    say("building a checkpoint of BERT-base shape and its exports")
    shutil.rmtree(models, ignore_errors=True)
    command = [sys.executable, "-m", "workers.bench.scoring_models", str(models), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no message"])[-1]
    (models / BUILT).touch()
    return None


def write_given(
    file: Path, models: Path, texts: list[str], *, threads: int, unsure_share: float
) -> None:
    """Write what each route's process reads: where the models are, and the texts to score."""
    place = Place(
        models_dir=models,
        hub_folder=models / HUB_FOLDER,
        checkpoint=models / CHECKPOINT,
        threads=threads,
        unsure_share=unsure_share,
        unsure_salt=fair_salt(texts, unsure_share),
    )
    file.write_text(json.dumps({"place": asdict(place), "texts": texts}, default=str))
