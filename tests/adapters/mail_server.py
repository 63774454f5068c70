"""A small mail server on loopback that can be told to misbehave."""

from __future__ import annotations

import datetime as dt
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
HANG_SECONDS = 5.0


@dataclass
class Manners:
    """How the server behaves. Answers are whole lines; `hang` and `drop` name a verb."""

    rcpt: str = "250 ok"
    mail: str = "250 ok"
    data: str = "354 go on"
    accepted: str = "250 queued"
    hang: str = ""
    drop: str = ""
    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    password: str = ""


@dataclass
class MailServerRunning:
    """What arrived, and where it listens."""

    port: int
    manners: Manners
    letters: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    running: MailServerRunning


class _Talk(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        self.running = cast(_Server, self.server).running
        manners = self.running.manners
        if manners.tls_first and manners.tls is not None:
            self._wrap(manners.tls)
        if self._misbehaves("CONNECT"):
            return
        self._say("220 courier.example ready")
        try:
            while line := self.rfile.readline():
                if not self._answer(line.decode("utf-8").strip(), manners):
                    return
        except (OSError, ValueError):
            return

    def _answer(self, line: str, manners: Manners) -> bool:
        verb = line.partition(" ")[0].upper()
        self.running.verbs.append(verb)
        if self._misbehaves(verb):
            return False
        simple = {"MAIL": manners.mail, "RCPT": manners.rcpt, "QUIT": "221 bye"}
        special = {
            "EHLO": self._greet,
            "STARTTLS": self._start_tls,
            "AUTH": lambda: self._sign_in(line),
            "DATA": lambda: self._take(manners),
        }
        if verb == "RCPT":
            self.running.recipients.append(line.partition(":")[2].strip("<> "))
        if verb in special:
            special[verb]()
        else:
            self._say(simple.get(verb, "250 ok"))
        return verb != "QUIT"

    def _greet(self) -> None:
        manners = self.running.manners
        offers = ["courier.example", "AUTH PLAIN", "8BITMIME"]
        offers += ["STARTTLS"] if manners.tls and not manners.tls_first else []
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _start_tls(self) -> None:
        tls = self.running.manners.tls
        if tls is None:
            self._say("502 no")
            return
        self._say("220 go")
        self._wrap(tls)

    def _sign_in(self, line: str) -> None:
        password = self.running.manners.password
        self._say("235 welcome" if password and line.endswith(password) else "535 5.7.8 no")

    def _take(self, manners: Manners) -> None:
        self._say(manners.data)
        if not manners.data.startswith("354"):
            return
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.running.letters.append(b"".join(lines))
        if not self._misbehaves("TAKEN"):
            self._say(manners.accepted)

    def _misbehaves(self, verb: str) -> bool:
        if verb == self.running.manners.hang:
            self.running.released.wait(HANG_SECONDS)
            return True
        if verb == self.running.manners.drop:
            self.connection.shutdown(socket.SHUT_RDWR)
            return True
        return False

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _wrap(self, tls: ssl.SSLContext) -> None:
        self.connection = self.request = tls.wrap_socket(self.request, server_side=True)
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = socketserver._SocketWriter(self.connection)  # type: ignore[attr-defined]


@contextmanager
def mail_server(manners: Manners | None = None) -> Iterator[MailServerRunning]:
    """A server on a free port of loopback."""
    with _Server((HOST, 0), _Talk) as server:
        running = MailServerRunning(server.server_address[1], manners or Manners())
        server.running = running
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield running
        finally:
            running.released.set()
            server.shutdown()
            thread.join()


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for loopback that nobody knows: the server's side, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "courier.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .sign(key, hashes.SHA256())
    )
    public = folder / "certificate.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(public, private)
    return served, ssl.create_default_context(cafile=str(public))
