"""Which addresses may be fetched: the site's own hosts, on the public internet only."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.adapters.web_address import (
    FetchError,
    is_public,
    parse_address,
    resolve_checked,
    system_resolver,
)

SITE = ["news.example"]


def code(url: str, allowed: Sequence[str] = SITE) -> str:
    with pytest.raises(FetchError) as caught:
        parse_address(url, allowed)
    assert caught.value.permanent
    return caught.value.code


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/a?b=1#c", "https://news.example/a?b=1"),
        ("https://www.news.example", "https://www.news.example/"),
        ("HTTP://NEWS.Example:80/A", "http://news.example/A"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/é?ü", "https://news.example/%C3%A9?%C3%BC"),
    ],
)
def test_the_sites_own_addresses_are_accepted_and_normalised(url: str, expected: str) -> None:
    assert str(parse_address(url, SITE)) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://news.example.evil.example/",
        "https://evilnews.example/",
        "https://example/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::1]/",
        "https://news.example:8443/",
        "http://news.example:6379/",
        "https://nеws.example/",
    ],
)
def test_other_hosts_and_ports_are_refused(url: str) -> None:
    assert code(url) == "host_not_allowed"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/a",
        "ftp://news.example/",
        "file:///etc/hosts",
        "gopher://news.example/",
        "javascript:alert(1)",
        "https:///a",
        "https://",
        "https://user@news.example/",
        "https://user:pw@news.example/",
        "https://news.example@evil.example/",
        "https://evil.example\\@news.example/",
        "https://news.example/a b",
        "https://news.example/\r\nHost: evil",
        "https://news.example\x00.evil.example/",
        "https://news.example:99999/",
        "https://news.example:x/",
        "https://[::1/",
        "https://news.example/" + "a" * 2048,
        "\ud800",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    assert code(url) in ("bad_address", "host_not_allowed")


def test_an_allowed_host_may_name_a_port() -> None:
    assert parse_address("https://news.example:8443/", ["news.example:8443"]).port == 8443
    assert code("https://news.example:8444/", ["news.example:8443"]) == "host_not_allowed"


def test_an_international_name_matches_in_either_spelling() -> None:
    assert parse_address("https://zeitung-köln.example/", ["xn--zeitung-kln-zfb.example"])
    assert parse_address("https://xn--zeitung-kln-zfb.example/", ["zeitung-köln.example"])


@pytest.mark.parametrize("allowed", [[], [""], ["."], [" "], ["http://"]])
def test_an_empty_list_of_hosts_allows_nothing(allowed: list[str]) -> None:
    assert code("https://news.example/", allowed) == "host_not_allowed"


@given(st.text(max_size=60))
def test_any_text_is_either_an_allowed_address_or_refused(url: str) -> None:
    try:
        address = parse_address(url, SITE)
    except FetchError:
        return
    assert address.host == "news.example" or address.host.endswith(".news.example")


PRIVATE = [
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2001::1",
    "2002:7f00:1::",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "",
    "localhost",
    "1.2.3",
    "0x7f.0.0.1",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_addresses_that_are_not_public_are_recognised(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_are_recognised(ip: str) -> None:
    assert is_public(ip)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    address = parse_address("https://news.example/", SITE)
    with pytest.raises(FetchError) as caught:
        resolve_checked(address, lambda *_: ["8.8.8.8", "10.0.0.1"], 1)
    assert (caught.value.code, caught.value.permanent) == ("address_not_public", True)


def test_a_name_without_an_address_may_get_one_later() -> None:
    address = parse_address("https://news.example/", SITE)

    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    def nothing(*_: object) -> list[str]:
        return []

    for resolver in (unknown, nothing):
        with pytest.raises(FetchError) as caught:
            resolve_checked(address, resolver, 1)
        assert (caught.value.code, caught.value.permanent) == ("name_not_found", False)


def test_the_systems_resolver_knows_this_machine() -> None:
    assert "127.0.0.1" in system_resolver("127.0.0.1", 80, 5)


def test_a_name_that_cannot_be_asked_for_is_an_ordinary_failure() -> None:
    with pytest.raises(OSError, match="label"):
        system_resolver("a" * 70 + ".example", 80, 5)


def test_a_resolver_that_takes_too_long_is_a_timeout() -> None:
    address = parse_address("https://news.example/", SITE)
    with pytest.raises(FetchError) as caught:
        resolve_checked(address, lambda host, port, _: system_resolver(host, port, 0), 0)
    assert caught.value.code in ("timeout", "name_not_found")
