"""The note in a model's folder: the sha256 of each file in it, and how it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workers.scorers.scorer_errors import CorruptModel

MANIFEST_NAME = "manifest.json"


def load_manifest(folder: Path) -> dict[str, Any]:
    """The folder's manifest; empty where there is none. CorruptModel if it is not JSON."""
    path = folder / MANIFEST_NAME
    if not path.is_file():
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CorruptModel(f"{path} is not readable JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise CorruptModel(f"{path} must hold a JSON object")
    return manifest


def read_manifest(folder: Path) -> dict[str, str]:
    """File name → sha256 as recorded in the folder's manifest."""
    return dict(load_manifest(folder).get("sha256", {}))


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest in one step, so that a crash never leaves half of one."""
    partial = folder / f"{MANIFEST_NAME}.part"
    partial.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(folder / MANIFEST_NAME)


def record_sha256(folder: Path, hashes: Mapping[str, str]) -> None:
    """Add file hashes to the manifest, keeping everything else in it."""
    manifest = load_manifest(folder)
    manifest["sha256"] = {**manifest.get("sha256", {}), **hashes}
    write_manifest(folder, manifest)
