"""Download a model's files: resumed where a connection broke, verified before they are opened."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import urllib3

from workers.scorers.manifest import read_manifest, record_sha256
from workers.scorers.registry import ModelEntry, ModelFile, Registry, check_file, sha256_of
from workers.scorers.scorer_errors import CorruptModel, FetchFailed, ModelError

BLOCK = 1 << 16
ATTEMPTS = 5
RETRY_SECONDS = 1.0
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
PARTIAL = ".part"
OK, PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 200, 206, 416


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file after a fetch: `bytes` of it, and whether it was there already."""

    path: Path
    bytes: int
    was_there: bool


# Called with the file's path in the model, bytes so far, and bytes in all (None where not told).
Progress = Callable[[str, int, int | None], None]


def fetch_model(
    registry: Registry,
    name: str,
    *,
    mirror: str | None = None,
    progress: Progress = lambda path, done, total: None,
    retry_seconds: float = RETRY_SECONDS,
) -> list[Fetched]:
    """Bring all files of a fetched model into the model folder, and pin their sha256.

    A sound file is not downloaded again. Where the registry knows only a prefix of a sha256,
    or none, the first download's full sha256 is recorded in the folder's manifest and every
    later one must have it. `mirror` replaces the registry's addresses: files are then asked for
    as `<mirror>/<model>/<path>`. Raises FetchFailed (what was received is kept) or CorruptModel
    (it is deleted).
    """
    entry = registry.entry(name)
    if entry.kind != "fetched":
        raise ModelError(f"{name} ships with Parley; there is nothing to fetch.")
    folder = registry.folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=SILENCE_SECONDS), retries=False
    )
    return [
        _fetch_file(pool, entry, file, folder, mirror, progress, retry_seconds)
        for file in entry.files
    ]


def _fetch_file(
    pool: urllib3.PoolManager,
    entry: ModelEntry,
    file: ModelFile,
    folder: Path,
    mirror: str | None,
    progress: Progress,
    retry_seconds: float,
) -> Fetched:
    target = folder / file.path
    expected = file.sha256 or read_manifest(folder).get(file.path)
    if target.is_file() and expected and sha256_of(target) == expected:
        return Fetched(target, target.stat().st_size, was_there=True)
    url = f"{mirror.rstrip('/')}/{entry.name}/{file.path}" if mirror else file.url
    partial = target.with_name(target.name + PARTIAL)
    partial.parent.mkdir(parents=True, exist_ok=True)
    _download(pool, url or "", partial, lambda d, t: progress(file.path, d, t), retry_seconds)
    found = _verified(partial, target, expected, file)
    partial.replace(target)
    record_sha256(folder, {file.path: found})
    return Fetched(target, target.stat().st_size, was_there=False)


def _verified(partial: Path, target: Path, expected: str | None, file: ModelFile) -> str:
    found = sha256_of(partial)
    try:
        check_file(partial, expected or found, file.sha256_prefix)
    except CorruptModel as error:
        partial.unlink()
        raise CorruptModel(
            f"The download for {target} is not the registered file: its sha256 is {found}, "
            f"expected {expected or f'{file.sha256_prefix}...'}. It was deleted."
        ) from error
    return found


def _download(
    pool: urllib3.PoolManager,
    url: str,
    partial: Path,
    progress: Callable[[int, int | None], None],
    retry_seconds: float,
) -> None:
    """Fill `partial` from `url`, going on where it ends after a broken connection."""
    idle = 0
    problem = ""
    while idle < ATTEMPTS:
        before = _size(partial)
        try:
            if _receive(pool, url, partial, progress):
                return
            problem = "the connection ended early"
        except (urllib3.exceptions.HTTPError, OSError) as error:
            problem = type(error).__name__
        # A connection that brought something is a good one, however often it breaks.
        idle = 0 if _size(partial) > before else idle + 1
        time.sleep(retry_seconds * idle)
    raise FetchFailed(
        f"{url} could not be fetched ({problem}, {ATTEMPTS} times in a row). The "
        f"{_size(partial):,} bytes received are kept; run the same command to go on."
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _receive(
    pool: urllib3.PoolManager,
    url: str,
    partial: Path,
    progress: Callable[[int, int | None], None],
) -> bool:
    """One request; True where the whole file has arrived. Raises FetchFailed for a refusal."""
    start = _size(partial)
    headers = {"Range": f"bytes={start}-", "Accept-Encoding": "identity"} if start else {}
    response = pool.request("GET", url, headers=headers, preload_content=False, redirect=True)
    try:
        if response.status == RANGE_NOT_SATISFIABLE:
            # Nothing lies beyond what we have: the checksum will say whether it is whole.
            return True
        if response.status not in (OK, PARTIAL_CONTENT):
            raise FetchFailed(f"{url} answered {response.status}.")
        if response.status == OK:
            start = 0
        length = response.headers.get("Content-Length")
        total = start + int(length) if length else None
        done = start
        with partial.open("ab" if start else "wb") as stream:
            for block in response.stream(BLOCK):
                stream.write(block)
                done += len(block)
                progress(done, total)
        return total is None or done >= total
    finally:
        response.release_conn()
