"""Reading config/models.yaml with line numbers, and checking an entry's fields and types."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from workers.scorers.scorer_errors import RegistryError

LINE = "__line__"
KINDS = ("shipped", "fetched")
TASKS = ("toxicity", "relevance")
REQUIRED = {"task": list, "kind": str, "version": (str, int, float), "files": list, "licence": str}
OPTIONAL = {
    "card": str,
    "labels": list,
    "languages": list,
    "calibration": (str, int, float),
    "trained_on": list,
    "note": str,
}
FILE_FIELDS = {"path": str, "bytes": int, "sha256": str, "sha256_prefix": str, "url": str}
SHA256 = re.compile(r"[0-9a-f]{64}")
SHA256_PREFIX = re.compile(r"[0-9a-f]{8,64}")


class _LineLoader(yaml.SafeLoader):
    """SafeLoader whose mappings carry the line they begin on."""


def _mapping(loader: _LineLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    mapping = loader.construct_mapping(node, deep=True)
    mapping[LINE] = node.start_mark.line + 1
    return mapping


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_with_lines(path: Path) -> dict[str, Any]:
    """The YAML document; each mapping below the top has its line number under `__line__`."""
    with path.open(encoding="utf-8") as stream:
        document = yaml.load(stream, Loader=_LineLoader)  # noqa: S506 - a SafeLoader
    if not isinstance(document, dict):
        raise RegistryError(f"{path}:1: must be a mapping")
    document.pop(LINE)
    if isinstance(document.get("models"), dict):
        document["models"].pop(LINE)
    return document


def check_entry(path: Path, name: Any, raw: Any) -> None:
    """Raise RegistryError with file and line where an entry lacks or misspells something."""
    if not isinstance(raw, dict):
        raise RegistryError(f"{path}: models.{name} must be a mapping")
    where = f"{path}:{raw[LINE]}: models.{name}"
    _check_fields(where, raw, {**REQUIRED, **OPTIONAL})
    for key in REQUIRED:
        if key not in raw:
            raise RegistryError(f"{where} lacks `{key}`")
    if raw["kind"] not in KINDS:
        raise RegistryError(f"{where}.kind must be one of {', '.join(KINDS)}")
    if not raw["task"] or not set(raw["task"]) <= set(TASKS):
        raise RegistryError(f"{where}.task must list {' or '.join(TASKS)}")
    for item in raw["files"]:
        _check_file(path, name, raw["kind"], item)


def _check_file(path: Path, name: str, kind: str, item: Any) -> None:
    if not isinstance(item, dict) or "path" not in item:
        raise RegistryError(f"{path}: models.{name}.files: each file needs a `path`")
    where = f"{path}:{item[LINE]}: models.{name}.files"
    _check_fields(where, item, FILE_FIELDS)
    parts = Path(item["path"]).parts
    if Path(item["path"]).is_absolute() or ".." in parts:
        raise RegistryError(f"{where}: path {item['path']!r} must stay inside the model's folder")
    if kind == "shipped" and "sha256" not in item:
        raise RegistryError(f"{where}: a shipped file needs its sha256")
    if kind == "fetched" and "url" not in item:
        raise RegistryError(f"{where}: a fetched file needs its url")
    for key, pattern in (("sha256", SHA256), ("sha256_prefix", SHA256_PREFIX)):
        if key in item and not pattern.fullmatch(item[key]):
            raise RegistryError(f"{where}: {key} must be lower-case hexadecimal")


def _check_fields(where: str, raw: dict[str, Any], known: dict[str, Any]) -> None:
    for key, value in raw.items():
        if key == LINE:
            continue
        if key not in known:
            raise RegistryError(f"{where} has an unknown field `{key}`")
        if value is not None and not isinstance(value, known[key]):
            raise RegistryError(f"{where}.{key} has the wrong type ({type(value).__name__})")
