"""What a stream costs where it holds a thread: gunicorn's gthread, and nothing behind it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil

from workers.bench.live_crowd import Crowd

START_SECONDS = 20.0
QUIET = threading.Event()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Say hello, and then nothing, for as long as the server lives."""
    start("200 OK", [("Content-Type", "text/event-stream")])
    return _stream()


def _stream() -> Iterator[bytes]:
    yield b"event: hello\ndata: {}\n\n"
    while True:
        QUIET.wait()


def kilobytes_per_thread(listeners: int) -> float:
    """Resident memory of the serving process for each listener, each on a thread of its own."""
    with _server(listeners) as (process, port):
        before = _worker(process)
        crowd = Crowd(f"http://127.0.0.1:{port}/?x", listeners)
        after = _worker(process)
        crowd.close()
    return (after - before) / listeners / 1024


@contextmanager
def _server(threads: int) -> Iterator[tuple[psutil.Process, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1"),
        *("--threads", str(threads), "--worker-connections", str(threads * 2)),
        *("--bind", f"127.0.0.1:{port}", "--no-control-socket"),
        "workers.bench.live_threads:application",
    ]
    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_answering(port)
        yield psutil.Process(running.pid), port
    finally:
        for child in psutil.Process(running.pid).children():
            child.kill()
        running.kill()
        running.wait()


def _worker(process: psutil.Process) -> int:
    rss: int = process.children()[0].memory_info().rss
    return rss


def _wait_answering(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
