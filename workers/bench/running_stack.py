"""A whole Parley of its own for a benchmark or a test: started, asked, broken, stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_SECONDS = 120.0
STOP_SECONDS = 40.0
HTTP_SECONDS = 10.0
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status, and its JSON if it has any."""

    status: int
    json: Any


@dataclass(frozen=True)
class RunningStack:
    """PostgreSQL, Redis, API, workers and beat under `./parley up`, in a folder of their own."""

    data: Path
    address: str
    process: subprocess.Popen[bytes]

    @property
    def api(self) -> str:
        """The address of the API with its prefix."""
        return f"{self.address}/api/v1"

    def facts(self) -> dict[str, str]:
        """Where the database, Redis and the API are."""
        facts: dict[str, str] = json.loads((self.data / "run.json").read_text("utf-8"))
        return facts

    def environment(self) -> dict[str, str]:
        """What a command of ours needs to talk to this stack."""
        facts = self.facts()
        secret = json.loads((self.data / "secrets.json").read_text("utf-8"))["secret_key"]
        return {
            **os.environ,
            "PARLEY_DATABASE_URL": facts["database_url"],
            "PARLEY_REDIS_URL": facts["redis_url"],
            "PARLEY_SECRET_KEY": secret,
            "PARLEY_PUBLIC_URL": facts["api"],
        }

    def command(self, *arguments: str) -> str:
        """Run a `./parley` command against this stack; gives what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = HTTP_SECONDS,
    ) -> Answer:
        """One request. Raises OSError where nothing answers within `seconds`."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        request = urllib.request.Request(  # noqa: S310 - our own stack on the loopback
            self.address + path, data=data, headers=sent, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=seconds) as found:  # noqa: S310
                return Answer(found.status, _json(found.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _json(error.read()))

    def pid(self, component: str) -> int | None:
        """The process of a component, or None while it is down."""
        try:
            known = json.loads((self.data / "run" / f"{component}.pid").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return int(known["pid"])

    def kill(self, component: str) -> bool:
        """End a component with SIGKILL and everything in its session; says whether it was there."""
        pid = self.pid(component)
        if pid is None:
            return False
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until comments can be taken and scored. Raises TimeoutError, with the log."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                if self.call("GET", "/readyz", seconds=2).status == 200:
                    return
            except OSError:
                pass
            time.sleep(POLL_SECONDS)
        raise TimeoutError((self.data / "up.log").read_text("utf-8")[-4000:])


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


@contextmanager
def running_stack(data: Path, settings: Mapping[str, str] | None = None) -> Iterator[RunningStack]:
    """Start a stack with its data in `data` on a free port; stop it when the block ends.

    `settings` are PARLEY_* variables that differ from the defaults.
    """
    data.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    with (data / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "service.local", "up"),
                *(f"--port={port}", f"--data={data}", "--no-conversation"),
            ],
            env={**os.environ, **(settings or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    stack = RunningStack(data, f"http://127.0.0.1:{port}", process)
    try:
        stack.wait_ready()
        yield stack
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
