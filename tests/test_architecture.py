"""Imports point one way, and every part of the contract that a machine can hold is held here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.fast

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 250

# Part → the parts it may import. The first prefix that fits a module names its part.
MAY_IMPORT: dict[str, set[str]] = {
    "config": set(),
    "service.domain": set(),
    "service.models": {"service.domain"},
    "service.queries": {"service.domain", "service.models"},
    "service.usecases": {"service.domain", "service.models", "service.queries"},
    "service.adapters": {"service.domain", "config"},
    "service.api": {"service.domain", "service.usecases", "service.queries"},
    "service.console": {"service.domain", "service.usecases", "service.queries"},
    "service.migrations": {"service.models"},
    # Entry points and the one place that chooses adapters: everything of the service.
    "service": {
        "config",
        "service.adapters",
        "service.api",
        "service.console",
        "service.domain",
        "service.local",
        "service.models",
        "service.queries",
        "service.usecases",
    },
    "service.live": {"config", "service", "service.adapters", "service.domain", "service.queries"},
    "service.local": {"config", "service.adapters", "service.domain", "service"},
    "workers.scorers": {"config", "service.domain"},
    "workers": {
        "config",
        "service",
        "service.adapters",
        "service.domain",
        "service.models",
        "service.usecases",
        "workers.scorers",
    },
}
PARTS = sorted(MAY_IMPORT, key=len, reverse=True)
# Heavy or foreign libraries and the only places that may know them.
OWNED = {
    "torch": ("workers.scorers",),
    "detoxify": ("workers.scorers", "workers.bench"),
    "onnxruntime": ("workers.scorers", "workers.bench"),
    "flask": ("service.api", "service.app", "service.console"),
    "starlette": ("service.live",),
    "uvicorn": ("service.live",),
    "marshmallow": ("service.api", "service.adapters"),
    "sqlalchemy": (
        "service.models",
        "service.queries",
        "service.usecases",
        "service.adapters",
        "service.migrations",
        "service.bootstrap",
        "service.doctor",
        "service.api.errors",
        "service.api.comments",
        "service.live.reads",
        "workers.bench",
    ),
}
STDLIB_ONLY = "service.domain"


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("config", "service", "workers"):
        for path in (ROOT / top).rglob("*.py"):
            if "versions" in path.parts:
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def part_of(module: str) -> str | None:
    fits = (part for part in PARTS if module == part or module.startswith(part + "."))
    return next(fits, None)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


ALL = sorted(modules())


def wrong_imports(module: str, path: Path) -> Iterator[str]:
    own = part_of(module)
    for imported in imports(path):
        part = part_of(imported)
        if own is None or (part not in (None, own) and part not in MAY_IMPORT[own]):
            yield f"{module} imports {imported}"


def borrowed_libraries(module: str, path: Path) -> Iterator[str]:
    for imported in imports(path):
        owners = OWNED.get(imported.partition(".")[0])
        if owners is not None and not module.startswith(owners):
            yield f"{module} imports {imported}"


def test_every_module_imports_only_what_its_part_may() -> None:
    assert [wrong for module, path in ALL for wrong in wrong_imports(module, path)] == []


def test_every_library_stays_with_its_owners() -> None:
    assert [wrong for module, path in ALL for wrong in borrowed_libraries(module, path)] == []


def test_the_domain_uses_the_standard_library_only() -> None:
    import sys

    for module, path in ALL:
        if part_of(module) != STDLIB_ONLY:
            continue
        for imported in imports(path):
            top = imported.partition(".")[0]
            assert top in sys.stdlib_module_names or top == "service", f"{module}: {imported}"


def test_no_file_outgrows_the_limit() -> None:
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in ALL}
    assert {m: lines for m, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_the_application_factory_is_imported_by_entry_points_only() -> None:
    assert [module for module, path in ALL if "service.app" in set(imports(path))] == []


@pytest.mark.parametrize("planted", ["service.usecases", "service.api", "service.domain"])
def test_a_planted_violation_is_caught(planted: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from workers.scorers.engine import load_engine\n")
    assert list(wrong_imports(f"{planted}.bad", bad))
