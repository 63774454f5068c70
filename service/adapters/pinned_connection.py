"""HTTP connections to addresses that were checked before, all of them over at one moment."""

from __future__ import annotations

import contextlib
import math
import os
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from typing import Any

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from service.adapters.web_address import WebAddress


class Deadline:
    """Ends every connection when the time is up.

    A socket's own timeout begins anew with each byte, so a server that drips them one by one
    would hold a worker for hours. This shuts the sockets from outside instead.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.expired = False

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()

    def remaining(self) -> float:
        """Seconds left, at least a hundredth: zero would mean "do not wait" to a socket."""
        return max(0.01, self._ends - time.monotonic())

    def watch(self, connected: socket.socket) -> None:
        """Shut this connection when the time is up; a duplicate, as TLS takes the original."""
        with self._lock:
            self._sockets.append(socket.socket(fileno=os.dup(connected.fileno())))
            if self.expired:
                self._shut_all()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut_all()

    def _shut_all(self) -> None:
        for watched in self._sockets:
            with contextlib.suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)


class _Pinned(HTTPConnection):
    """Connects to addresses that were checked, whatever the name resolves to by now."""

    def __init__(
        self,
        *args: Any,
        addresses: Sequence[str],
        deadline: Deadline,
        connect_seconds: float,
        **kwargs: Any,
    ) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._connect_seconds = connect_seconds
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        failure: OSError | None = None
        for ip in self._addresses:
            patience = min(self._connect_seconds, self._deadline.remaining())
            try:
                connected = socket.create_connection((ip, self.port), patience)
            except OSError as error:
                failure = error
                continue
            self._deadline.watch(connected)
            return connected
        raise NewConnectionError(self, f"no address answers: {failure}")


class _PinnedTLS(_Pinned, HTTPSConnection):
    """The same with TLS; the certificate is checked against the name, not the address."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Pinned


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedTLS


def pinned_pool(
    address: WebAddress,
    addresses: Sequence[str],
    deadline: Deadline,
    *,
    connect_seconds: float = math.inf,
) -> HTTPConnectionPool:
    """A pool that speaks to one host at these IP addresses only, until the deadline.

    `connect_seconds` is for each address; without it the deadline alone counts.
    """
    pinned: dict[str, Any] = {
        "addresses": addresses,
        "deadline": deadline,
        "connect_seconds": connect_seconds,
    }
    if address.scheme == "https":
        return _TLSPool(address.host, address.port, ssl_context=_tls(), **pinned)
    return _Pool(address.host, address.port, **pinned)


def _tls() -> ssl.SSLContext:
    """The system's certificates (and those of SSL_CERT_FILE) with certifi's for bare images."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
