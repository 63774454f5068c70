"""The models Parley knows: reads config/models.yaml, finds their files and checks every sha256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from workers.scorers.manifest import read_manifest
from workers.scorers.registry_file import check_entry, load_with_lines
from workers.scorers.scorer_errors import CorruptModel, MissingModel, RegistryError

ROOT = Path(__file__).resolve().parents[2]
REGISTRY_FILE = ROOT / "config" / "models.yaml"
SHIPPED_DIR = ROOT / "workers" / "models"
HASH_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model. `sha256` is None where only the first download can tell it."""

    path: str
    bytes: int | None = None
    sha256: str | None = None
    sha256_prefix: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model as the registry describes it. `languages` empty means any language."""

    name: str
    task: tuple[str, ...]
    kind: str
    version: str
    files: tuple[ModelFile, ...]
    licence: str
    card: str | None = None
    labels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    calibration: str = "none"


@dataclass(frozen=True, slots=True)
class CascadeBand:
    """Where compact is unsure: its toxicity is at least `unsure_from` and under `unsure_to`."""

    unsure_from: float = 0.1
    unsure_to: float = 0.9


@dataclass(frozen=True, slots=True)
class Registry:
    """All known models and the folders their files are looked for in."""

    entries: Mapping[str, ModelEntry]
    models_dir: Path
    shipped_dir: Path = SHIPPED_DIR
    cascade: CascadeBand = field(default_factory=CascadeBand)

    def entry(self, name: str) -> ModelEntry:
        """The entry called `name`; MissingModel names the ones there are."""
        if name not in self.entries:
            known = ", ".join(sorted(self.entries))
            raise MissingModel(f"There is no model called {name!r}. Known models: {known}.")
        return self.entries[name]

    def folder(self, name: str) -> Path:
        """Where the model's files belong: the project for shipped ones, else the model folder."""
        base = self.shipped_dir if self.entry(name).kind == "shipped" else self.models_dir
        return base / name

    def present(self, name: str) -> bool:
        """Whether every file of the model is there (not whether it is sound)."""
        folder = self.folder(name)
        return all((folder / file.path).is_file() for file in self.entry(name).files)

    def verified_folder(self, name: str) -> Path:
        """The model's folder, after every file's sha256 was compared; nothing is opened before.

        Raises MissingModel or CorruptModel, both naming the file.
        """
        folder = self.folder(name)
        recorded = read_manifest(folder)
        for file in self.entry(name).files:
            expected = file.sha256 or recorded.get(file.path)
            check_file(folder / file.path, expected, file.sha256_prefix)
        return folder


def load_registry(models_dir: str | Path, path: Path = REGISTRY_FILE) -> Registry:
    """Read the registry. Raises RegistryError with file and line for anything out of place."""
    try:
        document = load_with_lines(path)
    except (OSError, yaml.YAMLError) as error:
        raise RegistryError(f"{path}: cannot be read as YAML: {error}") from error
    models = document.get("models")
    if not isinstance(models, dict):
        raise RegistryError(f"{path}: needs a mapping `models`")
    entries = {name: _entry(path, name, raw) for name, raw in models.items()}
    band = document.get("cascade") or {}
    return Registry(
        entries=entries,
        models_dir=Path(models_dir),
        cascade=CascadeBand(**{key: float(band[key]) for key in band if key != "__line__"}),
    )


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def check_file(path: Path, sha256: str | None, prefix: str | None = None) -> None:
    """Refuse a file that is missing, has no known sha256 at all, or has another one."""
    if not path.is_file():
        raise MissingModel(f"Model file {path} is missing.")
    if sha256 is None and prefix is None:
        raise CorruptModel(
            f"Model file {path} has no recorded sha256; fetch the model with `./parley models "
            "fetch` so that it is verified and recorded."
        )
    found = sha256_of(path)
    if (sha256 is not None and found != sha256) or not found.startswith(prefix or ""):
        raise CorruptModel(
            f"Model file {path} is corrupt: its sha256 is {found}, "
            f"expected {sha256 or f'{prefix}...'}. Delete it and get it again."
        )


def _entry(path: Path, name: str, raw: Any) -> ModelEntry:
    check_entry(path, name, raw)
    return ModelEntry(
        name=name,
        task=_texts(raw["task"]),
        kind=raw["kind"],
        version=str(raw["version"]),
        files=tuple(_file(item) for item in raw["files"]),
        licence=raw["licence"],
        card=raw.get("card"),
        labels=_texts(raw.get("labels") or ()),
        languages=_texts(raw.get("languages") or ()),
        calibration=str(raw.get("calibration") or "none"),
    )


def _file(raw: Mapping[str, Any]) -> ModelFile:
    return ModelFile(**{key: value for key, value in raw.items() if key != "__line__"})


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
