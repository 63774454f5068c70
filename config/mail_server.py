"""The mail server a setting names: `smtp://user:password@host:587?tls=starttls` or `smtps://…`."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
TLS_OF_SMTP = ("starttls", "none")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in. `tls` is `starttls`, `none`, or `implicit` for smtps."""

    host: str
    port: int
    tls: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def read_mail_server(url: str) -> MailServer:
    """Read the address of a mail server.

    `smtp` speaks TLS by STARTTLS unless the address says `?tls=none`; `smtps` from the start.
    User and password are percent-encoded. Raises ValueError with what is wrong, never with the
    password.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("must be smtp://user:password@host:port?tls=starttls or smtps://…")
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise ValueError("must name a port from 1 to 65535") from None
    if (parts.username is None) != (parts.password is None):
        raise ValueError("must name both user and password, or neither")
    return MailServer(
        host=parts.hostname,
        port=port,
        tls=_tls(parts.scheme, parts.query),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _tls(scheme: str, query: str) -> str:
    options = parse_qs(query, keep_blank_values=True)
    chosen = options.pop("tls", ["starttls"])
    if options or len(chosen) != 1:
        raise ValueError("may only have the option tls")
    if scheme == "smtps":
        if query:
            raise ValueError("takes no tls option with smtps: it begins with TLS")
        return "implicit"
    if chosen[0] not in TLS_OF_SMTP:
        raise ValueError(f"must have tls={' or tls='.join(TLS_OF_SMTP)}")
    return chosen[0]


def mail_server_url(value: str) -> str:
    """A setting: the address of a mail server, or nothing. Raises ValueError."""
    if value.strip():
        read_mail_server(value.strip())
    return value.strip()


def sender_address(value: str) -> str:
    """A setting: `comments@example.org` or `The Courier <comments@example.org>`, or nothing."""
    text = value.strip()
    _, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    plain = text.isprintable() and address.isascii() and " " not in address
    if text and not (local and domain and plain):
        raise ValueError("must be an e-mail address, with or without a name before it")
    return text
