"""A reader's browser, as far as streams go: opens one, reads events, remembers the last id."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PATIENCE = 10.0


@dataclass(frozen=True)
class Place:
    """Which article, at which process and site."""

    port: int
    key: str
    site: str = "demo"


@dataclass(frozen=True)
class Told:
    """One event of the stream."""

    event: str
    data: dict[str, Any]
    id: str | None


class Listening:
    """An open stream over a plain socket, so that a test decides when and whether to read."""

    def __init__(
        self,
        place: Place,
        *,
        last_id: str | None = None,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(("127.0.0.1", place.port))
        sent = {"Host": "live", "Accept": "text/event-stream", **(headers or {})}
        if last_id is not None:
            sent["Last-Event-ID"] = last_id
        lines = [f"{method} /api/v1/articles/{place.key}/stream?site={place.site} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in sent.items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._file = self._socket.makefile("rb")
        self._line = self._lines()
        self.last_id = last_id
        self.comments: list[str] = []
        self.retry: int | None = None
        self.raw = b""

    def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers of the answer."""
        status = int(self._file.readline().split()[1])
        headers = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return status, headers

    def problem(self) -> tuple[int, dict[str, str], dict[str, Any]]:
        """An answer that is no stream."""
        status, headers = self.head()
        body = self._file.read(int(headers["content-length"]))
        return status, headers, json.loads(body)

    def opened(self) -> Listening:
        """Read up to and with the hello."""
        status, _ = self.head()
        assert status == 200
        assert self.next().event == "hello"
        return self

    def next(self) -> Told:
        """The next event; comment lines are put aside."""
        fields: dict[str, str] = {}
        for line in self._line:
            if not line and "event" in fields:
                self.last_id = fields.get("id", self.last_id)
                return Told(fields["event"], json.loads(fields["data"]), fields.get("id"))
            name, _, value = line.partition(":")
            if line and not name:
                self.comments.append(value.strip())
            elif name == "retry":
                self.retry = int(value)
            elif line:
                fields[name] = value.strip()
        raise EOFError("the stream has ended")

    def heartbeat(self) -> str:
        """The next comment line, with nothing but those before it."""
        for line in self._line:
            if line.startswith(":"):
                return line
            assert not line
        raise EOFError("the stream has ended")

    def ended(self) -> bool:
        """Whether the stream ends without another event."""
        try:
            self.next()
        except (EOFError, ConnectionError):
            return True
        return False

    def close(self) -> None:
        """Go away."""
        self._file.close()
        self._socket.close()

    def _lines(self) -> Iterator[str]:
        """The lines of the stream, out of the chunks of HTTP/1.1; heartbeats alone are no life."""
        heard = time.monotonic()
        while size := int(self._file.readline() or b"0", 16):
            chunk = self._file.read(size)
            self._file.readline()
            self.raw += chunk
            if not chunk.startswith(b":"):
                heard = time.monotonic()
            assert time.monotonic() < heard + PATIENCE, "nothing but heartbeats"
            yield from chunk.decode().split("\n")[:-1]
