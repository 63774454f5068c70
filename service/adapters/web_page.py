"""Fetch one HTML page: checked on every hop, pinned to the checked address, bounded in all ways."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import urllib3
from urllib3.response import BaseHTTPResponse

from service.adapters.pinned_connection import Deadline, pinned_pool
from service.adapters.web_address import (
    FetchError,
    Resolver,
    WebAddress,
    parse_address,
    resolve_checked,
)

MAX_REDIRECTS = 5
CHUNK_BYTES = 65_536
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A refusal that time may heal; other 4xx are final.
PASSING_STATUSES = frozenset({408, 425, 429})
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9",
    "Accept-Encoding": "gzip",
    "User-Agent": "Parley article reader",
}


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of an HTML page, where they came from, and the charset the server named."""

    url: str
    content: bytes
    charset: str | None


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Which hosts, how long (seconds for everything together), how many bytes after unpacking."""

    allowed_hosts: Sequence[str]
    timeout: float
    max_bytes: int
    allow_private: bool


def fetch_page(url: str, limits: FetchLimits, resolver: Resolver) -> Page:
    """Follow `url` to an HTML page.

    Raises:
        FetchError: with the codes of `web_address`, and `timeout`, `connection_failed`,
            `tls_failed`, `http_status`, `bad_redirect`, `too_many_redirects`, `not_html`,
            `too_large`, `bad_encoding`.
    """
    address = _address(url, limits)
    with Deadline(limits.timeout) as deadline:
        for _ in range(MAX_REDIRECTS + 1):
            with _request(address, limits, resolver, deadline) as response:
                if response.status not in REDIRECTS:
                    return _read(address, response, limits.max_bytes)
                address = _next(address, response, limits)
    raise FetchError("too_many_redirects", f"more than {MAX_REDIRECTS} redirects", permanent=True)


@contextlib.contextmanager
def _request(
    address: WebAddress, limits: FetchLimits, resolver: Resolver, deadline: Deadline
) -> Iterator[BaseHTTPResponse]:
    addresses = resolve_checked(
        address, resolver, deadline.remaining(), allow_private=limits.allow_private
    )
    try:
        with pinned_pool(address, addresses, deadline) as pool:
            response = pool.urlopen(
                "GET",
                address.target,
                headers=HEADERS,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=deadline.remaining(),
            )
            try:
                yield response
            finally:
                response.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise _failure(error, deadline) from error


def _read(address: WebAddress, response: BaseHTTPResponse, max_bytes: int) -> Page:
    status = response.status
    if status != 200:
        permanent = 400 <= status < 500 and status not in PASSING_STATUSES
        raise FetchError("http_status", f"the server answered {status}", permanent=permanent)
    content_type = response.headers.get("Content-Type", "")
    kind, *parameters = [part.strip() for part in content_type.split(";")]
    if kind.lower() not in HTML_TYPES:
        raise FetchError("not_html", "the answer is not an HTML page", permanent=True)
    if response.headers.get("Content-Encoding", "").strip().lower() not in ENCODINGS:
        raise FetchError("bad_encoding", "the page is packed in an unknown way", permanent=True)
    content = b""
    # urllib3 unpacks no more than it is asked for, so a gzip bomb stops at the limit as well.
    while chunk := response.read(CHUNK_BYTES, decode_content=True):
        content += chunk
        if len(content) > max_bytes:
            raise FetchError("too_large", f"more than {max_bytes} bytes", permanent=True)
    return Page(str(address), content, _charset(parameters))


def _next(address: WebAddress, response: BaseHTTPResponse, limits: FetchLimits) -> WebAddress:
    location = response.headers.get("Location")
    if not location:
        raise FetchError("bad_redirect", "a redirect that leads nowhere", permanent=True)
    try:
        joined = urljoin(str(address), location.strip())
    except ValueError as error:
        raise FetchError(
            "bad_redirect", "a redirect that cannot be read", permanent=True
        ) from error
    following = _address(joined, limits)
    if address.scheme == "https" and following.scheme == "http":
        raise FetchError("bad_redirect", "a redirect from https to http", permanent=True)
    return following


def _address(url: str, limits: FetchLimits) -> WebAddress:
    return parse_address(url, limits.allowed_hosts, allow_private=limits.allow_private)


def _charset(parameters: Sequence[str]) -> str | None:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _failure(error: Exception, deadline: Deadline) -> FetchError:
    if deadline.expired:
        return FetchError("timeout", "the page did not come in time", permanent=False)
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError):
        return FetchError("tls_failed", "the certificate or TLS was refused", permanent=False)
    if isinstance(error, urllib3.exceptions.DecodeError):
        return FetchError("bad_encoding", "the page could not be unpacked", permanent=True)
    # urllib3 counts a refused connection among the timeouts.
    refused = isinstance(error, urllib3.exceptions.NewConnectionError)
    if not refused and isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return FetchError("timeout", "the page did not come in time", permanent=False)
    return FetchError("connection_failed", type(error).__name__, permanent=False)
