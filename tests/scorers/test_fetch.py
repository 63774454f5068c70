"""Fetching a model from a real HTTP server that breaks, resumes, refuses and lies."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from workers.cli import cli
from workers.scorers import registry as registry_module
from workers.scorers.fetch import ATTEMPTS, fetch_model
from workers.scorers.manifest import read_manifest
from workers.scorers.registry import Registry, load_registry
from workers.scorers.scorer_errors import CorruptModel, FetchFailed, ModelError

WEIGHTS = bytes(range(256)) * 1200
CONFIG = b'{"model_type": "bert"}'
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()


class Files(BaseHTTPRequestHandler):
    """Serves `server.files`; may break after some bytes, ignore ranges, or refuse."""

    server: FileServer

    def do_GET(self) -> None:
        requested = self.headers.get("Range")
        self.server.seen.append((self.path, requested))
        content = self.server.files.get(self.path)
        if content is None or self.server.refuses:
            self.send_error(404)
            return
        start = int(requested.removeprefix("bytes=").rstrip("-")) if requested else 0
        if self.server.ignores_ranges:
            start = 0
        if start >= len(content):
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = start + self.server.breaks_after if self.server.breaks_after else len(content)
        self.wfile.write(content[start:end])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class FileServer(ThreadingHTTPServer):
    """A local receiver; how it misbehaves is set on it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Files)
        self.files: dict[str, bytes] = {}
        self.seen: list[tuple[str, str | None]] = []
        self.breaks_after = 0
        self.ignores_ranges = False
        self.refuses = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def server() -> Iterator[FileServer]:
    receiver = FileServer()
    receiver.files = {"/release/weights.ckpt": WEIGHTS, "/hub/config.json": CONFIG}
    thread = threading.Thread(target=receiver.serve_forever)
    thread.start()
    yield receiver
    receiver.shutdown()
    receiver.server_close()
    thread.join()


@pytest.fixture
def registry_file(server: FileServer, tmp_path: Path) -> Path:
    entry = {
        "task": ["toxicity"],
        "kind": "fetched",
        "version": "1",
        "licence": "Apache-2.0",
        "files": [
            {
                "path": "weights.ckpt",
                "url": f"{server.url}/release/weights.ckpt",
                "sha256_prefix": DIGEST[:8],
            },
            {"path": "hf/config.json", "url": f"{server.url}/hub/config.json"},
        ],
    }
    path = tmp_path / "models.yaml"
    path.write_text(yaml.safe_dump({"models": {"small": entry}}), encoding="utf-8")
    return path


@pytest.fixture
def registry(registry_file: Path, tmp_path: Path) -> Registry:
    return load_registry(tmp_path / "models", registry_file)


def fetch(registry: Registry, mirror: str | None = None) -> list[bool]:
    """Fetch without waiting between attempts; which files were there already."""
    fetched = fetch_model(registry, "small", mirror=mirror, retry_seconds=0)
    return [item.was_there for item in fetched]


def weights(registry: Registry) -> Path:
    return registry.folder("small") / "weights.ckpt"


def test_all_files_arrive_and_are_verified(registry: Registry) -> None:
    assert fetch(registry) == [False, False]
    assert weights(registry).read_bytes() == WEIGHTS
    assert registry.verified_folder("small").joinpath("hf/config.json").read_bytes() == CONFIG


def test_the_full_sha256_of_the_first_fetch_is_recorded(registry: Registry) -> None:
    fetch(registry)
    assert read_manifest(registry.folder("small")) == {
        "weights.ckpt": DIGEST,
        "hf/config.json": hashlib.sha256(CONFIG).hexdigest(),
    }


def test_a_second_fetch_asks_for_nothing(registry: Registry, server: FileServer) -> None:
    fetch(registry)
    server.seen.clear()
    assert fetch(registry) == [True, True]
    assert server.seen == []


def test_a_broken_connection_is_resumed_where_it_broke(
    registry: Registry, server: FileServer
) -> None:
    server.breaks_after = 100_000
    fetch(registry)
    assert weights(registry).read_bytes() == WEIGHTS
    ranges = [r or "bytes=0-" for path, r in server.seen if path.endswith("weights.ckpt")]
    starts = [int(r.removeprefix("bytes=").rstrip("-")) for r in ranges]
    assert len(starts) > 3
    assert starts == sorted(set(starts))


def test_a_file_left_half_by_an_earlier_run_is_completed(
    registry: Registry, server: FileServer
) -> None:
    partial = weights(registry).with_name("weights.ckpt.part")
    partial.parent.mkdir(parents=True)
    partial.write_bytes(WEIGHTS[:5_000])
    fetch(registry)
    assert weights(registry).read_bytes() == WEIGHTS
    assert server.seen[0] == ("/release/weights.ckpt", "bytes=5000-")


def test_a_server_without_ranges_is_read_from_the_start(
    registry: Registry, server: FileServer
) -> None:
    partial = weights(registry).with_name("weights.ckpt.part")
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"something else entirely")
    server.ignores_ranges = True
    fetch(registry)
    assert weights(registry).read_bytes() == WEIGHTS


def test_a_download_that_is_not_the_registered_file_is_deleted_and_never_kept(
    registry: Registry, server: FileServer
) -> None:
    server.files["/release/weights.ckpt"] = b"forged"
    with pytest.raises(CorruptModel, match="not the registered file"):
        fetch(registry)
    assert not weights(registry).exists()
    assert not weights(registry).with_name("weights.ckpt.part").exists()


def test_a_file_without_a_registered_hash_may_not_change_after_its_first_fetch(
    registry: Registry, server: FileServer
) -> None:
    fetch(registry)
    (registry.folder("small") / "hf/config.json").unlink()
    server.files["/hub/config.json"] = b'{"model_type": "other"}'
    with pytest.raises(CorruptModel, match=r"config\.json"):
        fetch(registry)


def test_a_file_damaged_on_disk_is_fetched_again(registry: Registry) -> None:
    fetch(registry)
    weights(registry).write_bytes(b"damaged")
    assert fetch(registry) == [False, True]
    assert weights(registry).read_bytes() == WEIGHTS


def test_a_refusal_is_said_with_its_address(registry: Registry, server: FileServer) -> None:
    server.refuses = True
    with pytest.raises(FetchFailed, match=r"weights\.ckpt answered 404"):
        fetch(registry)


def test_a_server_that_is_gone_is_given_up_on_after_some_attempts(
    registry: Registry, server: FileServer
) -> None:
    server.server_close()
    with pytest.raises(FetchFailed, match=f"{ATTEMPTS} times in a row"):
        fetch(registry)


def test_a_mirror_replaces_the_addresses(registry: Registry, server: FileServer) -> None:
    server.files = {"/m/small/weights.ckpt": WEIGHTS, "/m/small/hf/config.json": CONFIG}
    fetch(registry, mirror=f"{server.url}/m/")
    assert weights(registry).read_bytes() == WEIGHTS


def test_a_model_that_ships_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="ships with Parley"):
        fetch_model(load_registry(tmp_path), "compact")


def test_the_command_says_size_and_next_step(
    registry_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setattr(registry_module.load_registry, "__defaults__", (registry_file,))
    result = CliRunner().invoke(cli, ["models", "fetch", "small"])
    assert result.exit_code == 0, result.output
    assert f"{len(WEIGHTS):,} bytes  fetched and verified" in result.output
    assert "./parley models export small" in result.output


def test_the_command_names_the_known_models_for_an_unknown_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_MODELS_DIR", str(tmp_path))
    result = CliRunner().invoke(cli, ["models", "fetch", "detoxify-enormous"])
    assert result.exit_code == 1
    assert "detoxify-unbiased" in result.output
