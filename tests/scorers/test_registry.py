"""The model registry: what is wrong is said with its line, and no unverified file is opened."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from workers.scorers.manifest import record_sha256
from workers.scorers.registry import SHIPPED_DIR, load_registry
from workers.scorers.scorer_errors import CorruptModel, MissingModel, RegistryError

CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def registry_file(folder: Path, files: str, kind: str = "fetched", more: str = "") -> Path:
    path = folder / "models.yaml"
    path.write_text(
        "models:\n"
        "  small:\n"
        "    task: [toxicity]\n"
        f"    kind: {kind}\n"
        "    version: 1\n"
        "    licence: Apache-2.0\n"
        f"{more}"
        f"    files:\n{files}",
        encoding="utf-8",
    )
    return path


def place(folder: Path, content: bytes = CONTENT) -> Path:
    path = folder / "small" / "weights.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


PINNED = f"      - {{path: weights.bin, url: 'http://localhost/w', sha256: {DIGEST}}}\n"
UNPINNED = "      - {path: weights.bin, url: 'http://localhost/w'}\n"


def test_the_projects_own_registry_is_sound_and_its_shipped_files_are_what_it_says(
    tmp_path: Path,
) -> None:
    registry = load_registry(tmp_path)
    shipped = [name for name, entry in registry.entries.items() if entry.kind == "shipped"]
    assert {"compact", "relevance"} <= set(shipped)
    for name in shipped:
        assert registry.verified_folder(name) == SHIPPED_DIR / name


def test_every_detoxify_model_is_registered_with_its_hash_prefix(tmp_path: Path) -> None:
    registry = load_registry(tmp_path)
    names = [name for name in registry.entries if name.startswith("detoxify-")]
    assert len(names) == 5
    for name in names:
        checkpoint = registry.entry(name).files[0]
        assert checkpoint.path.endswith(f"-{checkpoint.sha256_prefix}.ckpt")


def test_a_sound_file_is_accepted(tmp_path: Path) -> None:
    place(tmp_path)
    registry = load_registry(tmp_path, registry_file(tmp_path, PINNED))
    assert registry.verified_folder("small") == tmp_path / "small"


def test_a_changed_file_is_refused_by_name(tmp_path: Path) -> None:
    path = place(tmp_path, b"other weights")
    registry = load_registry(tmp_path, registry_file(tmp_path, PINNED))
    with pytest.raises(CorruptModel, match=str(path)):
        registry.verified_folder("small")


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    registry = load_registry(tmp_path, registry_file(tmp_path, PINNED))
    with pytest.raises(MissingModel, match=r"weights\.bin"):
        registry.verified_folder("small")


def test_a_file_whose_hash_nobody_recorded_is_refused(tmp_path: Path) -> None:
    place(tmp_path)
    registry = load_registry(tmp_path, registry_file(tmp_path, UNPINNED))
    with pytest.raises(CorruptModel, match="no recorded sha256"):
        registry.verified_folder("small")


def test_a_file_recorded_at_its_first_fetch_is_held_to_that(tmp_path: Path) -> None:
    path = place(tmp_path)
    record_sha256(path.parent, {"weights.bin": DIGEST})
    registry = load_registry(tmp_path, registry_file(tmp_path, UNPINNED))
    registry.verified_folder("small")
    path.write_bytes(b"other weights")
    with pytest.raises(CorruptModel, match=r"weights\.bin"):
        registry.verified_folder("small")


def test_a_file_with_another_prefix_than_its_name_says_is_refused(tmp_path: Path) -> None:
    place(tmp_path)
    prefixed = "      - {path: weights.bin, url: 'http://localhost/w', sha256_prefix: 01234567}\n"
    prefixed = prefixed.replace("01234567", "'01234567'")
    registry = load_registry(tmp_path, registry_file(tmp_path, prefixed))
    with pytest.raises(CorruptModel, match=r"01234567\.\.\."):
        registry.verified_folder("small")


def test_an_unknown_model_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    registry = load_registry(tmp_path, registry_file(tmp_path, PINNED))
    with pytest.raises(MissingModel, match="Known models: small"):
        registry.entry("large")


@pytest.mark.parametrize(
    ("files", "kind", "more", "message"),
    [
        (PINNED, "rented", "", "models.yaml:3: models.small.kind must be one of"),
        (PINNED, "fetched", "    colour: red\n", "models.yaml:3: .* unknown field `colour`"),
        (PINNED, "fetched", "    labels: 3\n", r"models.yaml:3: .*labels has the wrong type"),
        ("      - {path: ../../etc/passwd, url: x}\n", "fetched", "", "models.yaml:8: .*inside"),
        ("      - {path: w, url: x, sha256: 12}\n", "fetched", "", "models.yaml:8: .*wrong type"),
        ("      - {path: w, url: x, sha256: ABC}\n", "fetched", "", "models.yaml:8: .*hexadecimal"),
        ("      - {path: w}\n", "fetched", "", "models.yaml:8: .*needs its url"),
        ("      - {path: w, url: x}\n", "shipped", "", "models.yaml:8: .*needs its sha256"),
        ("      - {url: x}\n", "fetched", "", "each file needs a `path`"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_line(
    tmp_path: Path, files: str, kind: str, more: str, message: str
) -> None:
    with pytest.raises(RegistryError, match=message):
        load_registry(tmp_path, registry_file(tmp_path, files, kind, more))


@pytest.mark.parametrize("content", ["", "models: [", "- a", "models: 3", "cascade: {}"])
def test_a_file_that_is_no_registry_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RegistryError, match=r"models\.yaml"):
        load_registry(tmp_path, path)
