"""A model folder and a registry file around tiny checkpoints, as a fetch leaves them."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.scorers.tiny_checkpoint import write_tiny_checkpoint
from workers.scorers.manifest import record_sha256
from workers.scorers.registry import Registry, load_registry, sha256_of


def folder_with_checkpoint(
    base: Path, name: str, architecture: str, classes: int, languages: tuple[str, ...] = ()
) -> Registry:
    """A registry whose only model is a tiny checkpoint called `name`, verified and recorded."""
    folder = base / "models" / name
    write_tiny_checkpoint(folder, architecture, classes)
    paths = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    record_sha256(folder, {path: sha256_of(folder / path) for path in paths})
    entry = {
        "task": ["toxicity"],
        "kind": "fetched",
        "version": "tiny-1",
        "licence": "Apache-2.0",
        "languages": list(languages),
        "files": [{"path": path, "url": f"http://localhost/{path}"} for path in paths],
    }
    registry_file = base / "models.yaml"
    registry_file.write_text(yaml.safe_dump({"models": {name: entry}}), encoding="utf-8")
    return load_registry(base / "models", registry_file)
