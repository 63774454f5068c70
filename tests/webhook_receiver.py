"""A real receiver of webhooks on this machine, and the check of signatures as the spec words it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER_SECONDS = 20


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return str(self.message["type"])


Reply = Callable[[BaseHTTPRequestHandler], None]


def status(code: int, **headers: str) -> Reply:
    """Answer with a status alone."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return reply


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection instead of answering."""
    handler.connection.close()


@dataclass
class Receiver:
    """Answers each path as the test says, 200 unless it says so."""

    server: ThreadingHTTPServer
    replies: dict[str, Reply] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    # Replies that hang wait for this; it is set when the test ends.
    released: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server.server_port}{path}"

    def at(self, path: str) -> list[Received]:
        return [request for request in self.received if request.path == path]

    def types(self, path: str = "/hook") -> list[str]:
        return [request.type for request in self.at(path)]

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Say nothing."""
        self.released.wait(ANSWER_SECONDS)

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer for ever, a header now and then."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.released.wait(0.05):
            handler.wfile.write(b"X")

    def endless(self, handler: BaseHTTPRequestHandler) -> None:
        """A success whose body never ends."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.released.is_set():
            handler.wfile.write(b"and so on " * 1000)


@contextlib.contextmanager
def running_receiver() -> Iterator[Receiver]:
    """A receiver for the length of a block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            self.close_connection = True
            with contextlib.suppress(OSError):
                receiver.replies.get(self.path, status(200))(self)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass  # senders go away in the middle on purpose

    server = Server(("127.0.0.1", 0), Handler)
    receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def verifies(request: Received, secret: str) -> bool:
    """Whether one of the signatures was made with this secret.

    Written from the specification, without the library that signs: HMAC-SHA256 over
    `id.timestamp.body` with the base64 part of the secret as key.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    head = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
    expected = base64.b64encode(
        hmac.new(key, head.encode() + request.body, hashlib.sha256).digest()
    ).decode()
    given = request.headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(one, f"v1,{expected}") for one in given)
