"""Which addresses of the web Parley may ask for: the site's own hosts, on the public internet."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

MAX_URL_CHARS = 2048
MAX_ADDRESSES = 4  # tried in turn when a host has several
DEFAULT_PORTS = {"http": 80, "https": 443}

Resolver = Callable[[str, int, float], Sequence[str]]

# What `is_global` of the standard library does not refuse, or not in every version of Python:
# ways to write a private IPv4 address as IPv6, and services of clouds.
_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",  # protocol assignments; one cloud keeps its metadata here
        "168.63.129.16/32",  # Azure's host service
    )
)


class FetchError(Exception):
    """A page could not be had. `permanent`: asking again will not help. `code` is for programs."""

    def __init__(self, code: str, detail: str, *, permanent: bool) -> None:
        self.code = code
        self.detail = detail
        self.permanent = permanent
        super().__init__(f"{code}: {detail}")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A checked http(s) address; `host` is in ASCII, without brackets or a final dot."""

    scheme: str
    host: str
    port: int
    target: str  # path and query, as sent in the request

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def parse_address(
    url: str, allowed_hosts: Sequence[str], *, allow_private: bool = False
) -> WebAddress:
    """Check an address as text.

    Args:
        url: any text, at most 2,048 characters.
        allowed_hosts: the site's hosts; each stands for its subdomains too. `host:port` allows a
            port other than the scheme's own.
        allow_private: allow any port as well (local demos and tests only).

    Raises:
        FetchError: `bad_address` or `host_not_allowed`, both permanent.
    """
    address = parse_any(url)
    any_port = allow_private or address.port == DEFAULT_PORTS[address.scheme]
    if not any(_covers(allowed, address.host, address.port, any_port) for allowed in allowed_hosts):
        raise FetchError(
            "host_not_allowed",
            f"{address.host}:{address.port} is not a host of this site",
            permanent=True,
        )
    return address


def parse_any(url: str) -> WebAddress:
    """Check an address as text, whatever its host and port.

    Raises FetchError `bad_address`, permanent.
    """
    parsed = _parse(url)
    host = _host(parsed)
    if parsed.scheme not in DEFAULT_PORTS or not host or parsed.auth is not None:
        raise _bad_address("only http and https addresses without a login can be used")
    port = parsed.port or DEFAULT_PORTS[parsed.scheme]
    target = (parsed.path or "/") + (f"?{parsed.query}" if parsed.query else "")
    return WebAddress(parsed.scheme, host, port, target)


def resolve_checked(
    address: WebAddress, resolver: Resolver, seconds: float, *, allow_private: bool = False
) -> list[str]:
    """The IP addresses of a host, all of them public; connect to these and to nothing else.

    Raises:
        FetchError: `name_not_found` (may pass), `timeout` (may pass), or `address_not_public`
            (permanent) as soon as one of them is private, local, multicast or reserved.
    """
    try:
        found = list(resolver(address.host, address.port, seconds))
    except TimeoutError as error:
        raise FetchError("timeout", "the name was not resolved in time", permanent=False) from error
    except OSError as error:
        raise _not_found(address) from error
    if not found:
        raise _not_found(address)
    if not allow_private and not all(is_public(ip) for ip in found):
        raise FetchError(
            "address_not_public", f"{address.host} leads to a private address", permanent=True
        )
    return found[:MAX_ADDRESSES]


def is_public(ip: str) -> bool:
    """Whether an IP address is of the public internet and belongs to one machine."""
    try:
        parsed = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if any(parsed in network for network in _REFUSED_NETWORKS):
        return False
    return parsed.is_global and not (
        parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified
    )


def system_resolver(host: str, port: int, seconds: float) -> Sequence[str]:
    """Ask the system for a host's addresses, and wait `seconds` at most.

    Raises TimeoutError or OSError. The system's own call knows no limit, so it runs in a thread
    that is left behind when it takes too long.
    """
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, seconds))
    except queue.Empty as error:
        raise TimeoutError from error
    if isinstance(answer, OSError):
        raise answer
    return answer


def _parse(url: str) -> Url:
    # Whoever reads an address differently than we do can be led past a check: refuse what
    # browsers and libraries disagree about.
    if len(url) > MAX_URL_CHARS or any(ord(c) <= 0x20 or c in "\\\x7f" for c in url):
        raise _bad_address("the address is too long or contains a space or control character")
    try:
        return parse_url(url)
    except (LocationParseError, UnicodeError, ValueError) as error:
        raise _bad_address("the address cannot be read") from error


def _host(parsed: Url) -> str:
    return (parsed.host or "").strip("[]").rstrip(".").lower()


def _covers(allowed: str, host: str, port: int, any_port: bool) -> bool:
    try:
        parsed = parse_url(f"http://{allowed}")
    except (LocationParseError, UnicodeError, ValueError):
        return False
    allowed_host = _host(parsed)
    if not allowed_host or not (any_port or parsed.port == port):
        return False
    return host == allowed_host or host.endswith(f".{allowed_host}")


def _bad_address(detail: str) -> FetchError:
    return FetchError("bad_address", detail, permanent=True)


def _not_found(address: WebAddress) -> FetchError:
    return FetchError("name_not_found", f"{address.host} has no address", permanent=False)
