"""The data folder of one local stack: who holds it, its secrets, what was left running in it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from service.local.processes import StartFailed, kill_session

_SECRET_BYTES = 32
_ORPHAN_PATIENCE = 5.0


@dataclass(frozen=True)
class DataFolder:
    """`./var` or what --data names."""

    path: Path

    @property
    def logs(self) -> Path:
        """Where each component's log file is."""
        return self.path / "log"

    @property
    def metrics(self) -> Path:
        """Where the processes share their Prometheus counters."""
        return self.path / "metrics"

    def hold(self) -> IO[str]:
        """Take the folder for this process; keep the result for as long as the stack runs.

        Raises `StartFailed` where another stack has it or it cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            handle = (self.path / "lock").open("a+")
        except OSError as error:
            raise StartFailed(f"the data folder {self.path} cannot be used: {error}") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            handle.close()
            raise StartFailed(
                f"Parley already runs on {self.path} (process {holder}); "
                "stop it, or choose another folder with --data"
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        return handle

    def secret_key(self) -> str:
        """The installation's secret: made once, readable by its owner only."""
        file = self.path / "secrets.json"
        if not file.exists():
            _write_private(file, {"secret_key": secrets.token_urlsafe(_SECRET_BYTES)})
        return str(json.loads(file.read_text())["secret_key"])

    def announce(self, facts: dict[str, Any]) -> None:
        """Tell other commands where the running stack is."""
        _write_private(self.path / "run.json", facts)

    def withdraw(self) -> None:
        """The stack is gone: take back what `announce` said."""
        (self.path / "run.json").unlink(missing_ok=True)

    def empty_metrics(self) -> None:
        """Counters of processes that are gone would be added up with the new ones."""
        shutil.rmtree(self.metrics, ignore_errors=True)
        self.metrics.mkdir(parents=True)

    def remember(self, name: str, pid: int) -> None:
        """Note a child, so that the next start can end it where nobody else did."""
        with contextlib.suppress(psutil.NoSuchProcess):
            born = psutil.Process(pid).create_time()
            file = self._pid_file(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"pid": pid, "born": born}))

    def forget(self, name: str) -> None:
        """The child ended."""
        self._pid_file(name).unlink(missing_ok=True)

    def end_orphans(self) -> list[str]:
        """End children that outlived an earlier supervisor; returns their names."""
        ended = []
        for file in sorted((self.path / "run").glob("*.pid")):
            with contextlib.suppress(ValueError, KeyError, psutil.Error):
                known = json.loads(file.read_text())
                process = psutil.Process(known["pid"])
                if process.create_time() == known["born"]:
                    process.terminate()
                    with contextlib.suppress(psutil.TimeoutExpired):
                        process.wait(_ORPHAN_PATIENCE)
                    kill_session(known["pid"])
                    ended.append(file.stem)
            file.unlink(missing_ok=True)
        return ended

    def _pid_file(self, name: str) -> Path:
        return self.path / "run" / f"{name}.pid"


def _write_private(file: Path, content: dict[str, Any]) -> None:
    # Written beside and moved: a reader never sees half of it.
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump(content, handle)
    draft.replace(file)
