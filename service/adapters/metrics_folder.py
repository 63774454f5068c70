"""The folder in which the processes of one machine share their numbers, a file for each."""

from __future__ import annotations

import fcntl
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server, values
from prometheus_client.core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.registry import Collector

from service.adapters.instruments import Instruments
from service.adapters.metric_families import families

# Files are named KIND_PID.db; no process has this id: its file keeps what the gone ones counted.
GONE = 0
LIVE = "gauge_live"
HIGHEST = "gauge_max"

_FILE = re.compile(r"(?P<kind>[a-z_]+)_(?P<pid>\d+)\.db")


@lru_cache
def shared_instruments(metrics_dir: str) -> Instruments:
    """The instruments of one folder, made once: two writers to one file would overwrite each other.

    prometheus_client chooses between memory and files when it is imported, from an environment
    variable. Ours comes from the settings, so the choice is made again here. It holds for the
    whole process, because each new combination of labels asks for it again.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_dir
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    return Instruments()


def folder_registry(metrics_dir: str) -> CollectorRegistry:
    """The sum of all processes that share the folder, those that are gone included."""
    registry = CollectorRegistry()
    registry.register(_Folder(Path(metrics_dir)))
    return registry


def serve_metrics(port: int, metrics_dir: str) -> None:
    """Answer Prometheus on a port of its own, in a thread: for processes that serve no HTTP.

    The numbers are the sum of all processes that share `metrics_dir`.
    """
    start_http_server(port, registry=folder_registry(metrics_dir))


class _Folder(Collector):
    """Reads every file of a folder; the files of processes that are gone become one on the way.

    Without that, each restarted worker would leave files behind that are read for ever, and
    gauges that nobody sets any longer. A process that was killed is found like one that ended.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        if any(map(_is_gone, self._folder.glob("*.db"))):
            with _lock(self._folder, fcntl.LOCK_EX):
                _fold(self._folder)
        with _lock(self._folder, fcntl.LOCK_SH):
            by_kind = _by_kind(self._folder.glob("*.db"))
            sums = {kind: _sum(kind, paths) for kind, paths in by_kind.items()}
        for kind, found in sums.items():
            yield from families(kind.partition("_")[0], found)


@contextmanager
def _lock(folder: Path, kind: int) -> Iterator[None]:
    # Who reads between the two steps of a fold would count the gone twice, or not at all.
    with (folder / "lock").open("a") as handle:
        fcntl.flock(handle, kind)
        yield


def _is_gone(path: Path) -> bool:
    named = _FILE.fullmatch(path.name)
    if named is None or int(named["pid"]) == GONE:
        return False
    try:
        os.kill(int(named["pid"]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _by_kind(paths: Iterable[Path]) -> Mapping[str, list[Path]]:
    by_kind: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        by_kind[path.name.rpartition("_")[0]].append(path)
    return by_kind


def _fold(folder: Path) -> None:
    """Add the files of processes that are gone to those of GONE; live gauges went with them."""
    # Looked for again under the lock: another process may just have done it.
    for kind, paths in _by_kind(filter(_is_gone, folder.glob("*.db"))).items():
        if not kind.startswith(LIVE):
            _keep(folder, kind, paths)
        for path in paths:
            path.unlink()


def _keep(folder: Path, kind: str, paths: Iterable[Path]) -> None:
    kept = folder / f"{kind}_{GONE}.db"
    # Written aside and put in place whole: a process that is killed here spoils nothing.
    aside = kept.with_suffix(".new")
    aside.unlink(missing_ok=True)
    written = MmapedDict(str(aside))  # type: ignore[no-untyped-call]
    for key, value in _sum(kind, [kept, *paths]).items():
        written.write_value(key, value, 0.0)  # type: ignore[no-untyped-call]
    written.close()  # type: ignore[no-untyped-call]
    aside.replace(kept)


def _sum(kind: str, paths: Iterable[Path]) -> dict[str, float]:
    """What processes counted together, by prometheus_client's keys."""
    found: dict[str, float] = {}
    for path in paths:
        # A process that has just started has made its file, but written nothing yet.
        if not path.exists() or path.stat().st_size == 0:
            continue
        for key, value, _, _ in MmapedDict.read_all_values_from_file(path):  # type: ignore[no-untyped-call]
            known = found.get(key, 0.0)
            found[key] = max(known, value) if kind == HIGHEST else known + value
    return found
