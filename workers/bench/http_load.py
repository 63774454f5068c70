"""A small HTTP load: prepared requests over connections kept open; the client costs little."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30.0
CHUNK = 65_536
END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Measured:
    """What a load saw. `milliseconds` holds one value per answered request."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers per second over the whole load."""
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time (ms) that `share` (0–1) of the answers stayed under."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def prepare(
    address: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(address).netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + END_OF_HEAD + body


def shared(requests: Iterator[bytes], most: int | None = None) -> Callable[[], bytes | None]:
    """Hand the requests out to many threads, at most `most` of them."""
    lock = threading.Lock()
    given = 0

    def take() -> bytes | None:
        nonlocal given
        with lock:
            if most is not None and given >= most:
                return None
            given += 1
            return next(requests, None)

    return take


def load(
    address: str, next_request: Callable[[], bytes | None], *, connections: int, seconds: float
) -> Measured:
    """Send what `next_request` gives (None ends it) over `connections`, for at most `seconds`."""
    measured = Measured()
    lock = threading.Lock()
    end = time.monotonic() + seconds

    def run() -> None:
        times, statuses = [], Counter[int]()
        with _Connection(address) as connection:
            while time.monotonic() < end and (request := next_request()) is not None:
                began = time.perf_counter()
                statuses[connection.ask(request)] += 1
                times.append((time.perf_counter() - began) * 1000)
        with lock:
            measured.milliseconds += times
            measured.statuses += statuses

    began = time.monotonic()
    threads = [threading.Thread(target=run) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured.seconds = time.monotonic() - began
    return measured


class _Connection:
    """One connection that stays open; opened again where the server closed it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._place = (parts.hostname or "", parts.port or 80)
        self._socket: socket.socket | None = None

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def ask(self, request: bytes) -> int:
        """Send one request and read its answer; gives the status."""
        try:
            return self._exchange(request)
        except OSError:
            # The server may close an idle connection at any time: once more on a fresh one.
            self._close()
            return self._exchange(request)

    def _exchange(self, request: bytes) -> int:
        if self._socket is None:
            self._socket = socket.create_connection(self._place, TIMEOUT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head, rest = self._read_head(self._socket)
        status = int(head[9:12])
        length = _content_length(head)
        while len(rest) < length:
            rest += self._receive(self._socket)
        if b"connection: close" in head.lower():
            self._close()
        return status

    def _read_head(self, sock: socket.socket) -> tuple[bytes, bytes]:
        data = b""
        while END_OF_HEAD not in data:
            data += self._receive(sock)
        head, _, rest = data.partition(END_OF_HEAD)
        return head, rest

    @staticmethod
    def _receive(sock: socket.socket) -> bytes:
        data = sock.recv(CHUNK)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        return data

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
