"""Many readers with open streams, in one thread of the client: connected, counted, timed."""

from __future__ import annotations

import contextlib
import resource
import selectors
import socket
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

CHUNK = 65_536
HEARTBEAT = b": heartbeat"
SPARE_FILES = 200
# Connections made before the answers to them are read.
BURST = 100


class CrowdError(Exception):
    """Not everybody was told."""


class Crowd:
    """Open streams; what each is told is only looked at for a mark."""

    def __init__(self, url: str, size: int) -> None:
        """Args: url: the whole address of one stream. Raises CrowdError, OSError."""
        _allow_files(size + SPARE_FILES)
        self._selector = selectors.DefaultSelector()
        self._sockets: list[socket.socket] = []
        parts = urlsplit(url)
        request = (
            f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            "Accept: text/event-stream\r\n\r\n"
        ).encode()
        for _ in range(size):
            opened = socket.create_connection((parts.hostname or "", parts.port or 80))
            opened.sendall(request)
            self._sockets.append(opened)
            self._selector.register(opened, selectors.EVENT_READ)
            if len(self._sockets) % BURST == 0:
                self._hear(b"event: hello", self._sockets[-BURST:])
        self._hear(b"event: hello", self._sockets[len(self._sockets) // BURST * BURST :])

    def wait_told(self, mark: bytes, seconds: float = 30.0) -> list[float]:
        """Wait until everybody got something with `mark` in it; the moments (perf_counter).

        Raises CrowdError after `seconds`, or where a stream ends.
        """
        return self._hear(mark, self._sockets, seconds)

    def listen_idly(self, seconds: float) -> int:
        """Read whatever comes for a while; how many heartbeats it was."""
        end, beats = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                beats += self._read(key.fileobj).count(HEARTBEAT)
        return beats

    def close(self) -> None:
        """Everybody leaves."""
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.close()
        self._selector.close()

    def _hear(
        self, mark: bytes, whom: Sequence[socket.socket], seconds: float = 30.0
    ) -> list[float]:
        waiting, moments = set(whom), []
        end = time.monotonic() + seconds
        while waiting:
            if time.monotonic() > end:
                raise CrowdError(f"{len(waiting)} of {len(whom)} were not told")
            for key, _ in self._selector.select(1.0):
                found = self._read(key.fileobj)
                if mark in found and key.fileobj in waiting:
                    moments.append(time.perf_counter())
                    waiting.discard(key.fileobj)
        return moments

    @staticmethod
    def _read(opened: object) -> bytes:
        assert isinstance(opened, socket.socket)  # noqa: S101 - nothing else is registered
        data = opened.recv(CHUNK)
        if not data:
            raise CrowdError("a stream ended")
        return data


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
