"""A small real web server for tests: each path answers as the test says, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

Answer = Callable[[socket.socket], None]


def html(
    body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8"
) -> Answer:
    """A complete answer with these headers."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    if kind:
        head.append(f"Content-Type: {kind}")
    return raw("\r\n".join(head).encode() + b"\r\n\r\n" + body)


def redirect(location: str, status: str = "302 Found") -> Answer:
    """An answer that leads elsewhere."""
    return html(b"", f"Location: {location}", status=status)


def raw(data: bytes) -> Answer:
    """Exactly these bytes."""
    return lambda connection: connection.sendall(data)


class WebServer:
    """Listens on a free port of 127.0.0.1; keeps the requests it saw."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.closing = threading.Event()
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        with contextlib.suppress(OSError), contextlib.closing(self._secured(connection)) as peer:
            request = b""
            while b"\r\n\r\n" not in request:
                received = peer.recv(4096)
                if not received:
                    return
                request += received
            self.requests.append(request.decode("latin-1"))
            path = request.split(b" ", 2)[1].decode("latin-1")
            self.answers.get(path, html(b"nothing here", status="404 Not Found"))(peer)

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._context is None:
            return connection
        try:
            return self._context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            raise


@contextlib.contextmanager
def running_server(certificate: Path | None = None) -> Iterator[WebServer]:
    """A server for the length of a block."""
    server = WebServer(certificate)
    try:
        yield server
    finally:
        server.close()
