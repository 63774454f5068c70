"""Fetching an article from a real local server: what is read, and how it is kept in bounds."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from service.adapters.article_fetch import FetchedArticle, FetchError, fetch_article
from service.adapters.article_page import MAX_ELEMENTS, decode_page
from tests.adapters.web_server import Answer, WebServer, html, raw, redirect, running_server

PARAGRAPHS = [
    "The council voted on Tuesday to reopen the old tram line along the river after forty years.",
    "Engineers say that the rails under the tarmac are sound and the bridge needs new bearings.",
    "Shopkeepers fear two summers of dust, while the university hopes for fewer cars nearby.",
    "The first trams are expected to run in the spring, provided that the state pays its share.",
]
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
ARTICLE = f"""<!doctype html><html lang="en-IE"><head><meta charset="utf-8">
<title>Old tram line to reopen | The Example</title>
<meta property="og:title" content="Old tram line to reopen">
<meta property="article:section" content="City">
<meta property="article:published_time" content="2026-03-04T09:30:00+01:00">
<link rel="canonical" href="/city/tram">
</head><body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav>
<article><h1>Old tram line to reopen</h1>{TEXT}</article>
<section id="comments" class="comments"><p>First! This comment must not be indexed.</p></section>
<footer>Imprint and privacy</footer></body></html>""".encode()


@pytest.fixture
def server() -> Iterator[WebServer]:
    with running_server() as running:
        running.answers["/city/tram"] = html(ARTICLE)
        yield running


def fetch(server: WebServer, path: str = "/city/tram", **changes: Any) -> FetchedArticle:
    arguments: dict[str, Any] = {"allowed_hosts": ["127.0.0.1"], "allow_private": True}
    return fetch_article(server.url(path), **(arguments | changes))


def failure(server: WebServer, path: str = "/page", **changes: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(server, path, **changes)
    return caught.value


def test_the_article_is_taken_out_of_its_page(server: WebServer) -> None:
    article = fetch(server)
    assert article.title == "Old tram line to reopen"
    assert all(paragraph in article.body for paragraph in PARAGRAPHS)
    assert "must not be indexed" not in article.body
    assert "Imprint" not in article.body
    assert article.published_at == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
    assert (article.language, article.section) == ("en", "City")
    assert article.url == article.canonical_url == server.url("/city/tram")


def test_the_canonical_address_of_the_page_is_reported(server: WebServer) -> None:
    server.answers["/t?ref=app"] = html(ARTICLE)
    assert fetch(server, "/t?ref=app").canonical_url == server.url("/city/tram")


@pytest.mark.parametrize("named", ["https://evil.example/x", "javascript:x", "http://[", ""])
def test_a_canonical_address_outside_the_site_is_not_believed(
    server: WebServer, named: str
) -> None:
    server.answers["/page"] = html(ARTICLE.replace(b'"/city/tram"', f'"{named}"'.encode()))
    assert fetch(server, "/page").canonical_url == server.url("/page")


def test_the_day_of_publication_is_found_in_structured_data(server: WebServer) -> None:
    page = ARTICLE.replace(b"article:published_time", b"other").replace(
        b"</head>", b'<script type="application/ld+json">{"datePublished": "2026-03-05"}</script>'
    )
    server.answers["/page"] = html(page)
    assert fetch(server, "/page").published_at == datetime(2026, 3, 5, tzinfo=UTC)


def test_a_private_address_is_refused_by_default_and_never_asked(server: WebServer) -> None:
    assert failure(server, allow_private=False).code == "host_not_allowed"
    refused = failure(server, allow_private=False, allowed_hosts=[f"127.0.0.1:{server.port}"])
    assert (refused.code, refused.permanent) == ("address_not_public", True)
    assert server.requests == []


def test_the_connection_goes_to_the_address_that_was_checked(server: WebServer) -> None:
    asked: list[str] = []

    def rebinding(host: str, *_: object) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    url = server.url("/city/tram", host="news.invalid")
    article = fetch_article(
        url, allowed_hosts=["news.invalid"], resolver=rebinding, allow_private=True
    )
    assert article.title == "Old tram line to reopen"
    assert asked == ["news.invalid"]
    assert f"Host: news.invalid:{server.port}\r\n" in server.requests[0]


def test_the_next_address_is_tried_when_the_first_is_dead(server: WebServer) -> None:
    def two(*_: object) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    url = server.url("/city/tram", host="news.invalid")
    assert fetch_article(url, allowed_hosts=["news.invalid"], resolver=two, allow_private=True)


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_within_the_site_are_followed(server: WebServer, status: str) -> None:
    server.answers["/page"] = redirect("/city/tram?a=b", status)
    server.answers["/city/tram?a=b"] = html(ARTICLE)
    assert fetch(server, "/page").url == server.url("/city/tram?a=b")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://evil.example/", "host_not_allowed"),
        ("//evil.example/", "host_not_allowed"),
        ("http://localhost/", "host_not_allowed"),
        ("file:///etc/passwd", "bad_address"),
        ("http://user@127.0.0.1/", "bad_address"),
        ("http://[", "bad_redirect"),
        ("", "bad_redirect"),
    ],
)
def test_a_redirect_is_checked_like_any_address(
    server: WebServer, location: str, expected: str
) -> None:
    server.answers["/page"] = redirect(location)
    refused = failure(server)
    assert (refused.code, refused.permanent) == (expected, True)


def test_every_redirect_is_resolved_and_checked_anew(server: WebServer) -> None:
    server.answers["/page"] = redirect(server.url("/city/tram", "inside.news.invalid"))
    asked: list[str] = []

    def resolver(host: str, *_: object) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if host == "news.invalid" else []

    with pytest.raises(FetchError) as caught:
        fetch_article(
            server.url("/page", "news.invalid"),
            allowed_hosts=["news.invalid"],
            resolver=resolver,
            allow_private=True,
        )
    assert caught.value.code == "name_not_found"
    assert asked == ["news.invalid", "inside.news.invalid"]
    assert len(server.requests) == 1


def test_a_loop_of_redirects_ends(server: WebServer) -> None:
    server.answers["/page"] = redirect("/page")
    assert failure(server).code == "too_many_redirects"
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        ("404 N", True),
        ("410 G", True),
        ("403 F", True),
        ("429 T", False),
        ("503 U", False),
        ("204 N", False),
    ],
)
def test_a_refusal_says_whether_asking_again_helps(
    server: WebServer, status: str, permanent: bool
) -> None:
    server.answers["/page"] = html(b"<p>no</p>", status=status)
    refused = failure(server)
    assert (refused.code, refused.permanent) == ("http_status", permanent)


@pytest.mark.parametrize("kind", ["", "application/pdf", "text/plain", "image/svg+xml", "texthtml"])
def test_only_html_is_read(server: WebServer, kind: str) -> None:
    server.answers["/page"] = html(ARTICLE, kind=kind)
    assert failure(server).code == "not_html"


def test_a_page_without_text_is_refused(server: WebServer) -> None:
    for empty in (b"", b"<html><body><script>1</script></body></html>", b"\x00\x01\x02"):
        server.answers["/page"] = html(empty)
        assert failure(server).code == "no_text"


def test_a_page_over_the_limit_is_given_up(server: WebServer) -> None:
    server.answers["/page"] = html(ARTICLE + b"x" * 50_000)
    assert failure(server, max_bytes=40_000).code == "too_large"
    assert fetch(server, max_bytes=len(ARTICLE)).body


def test_a_gzip_bomb_is_stopped_at_the_limit(server: WebServer) -> None:
    bomb = gzip.compress(b"a" * 50_000_000, 1)
    assert len(bomb) < 300_000
    server.answers["/page"] = html(bomb, "Content-Encoding: gzip")
    assert failure(server).code == "too_large"


def test_a_packed_page_is_unpacked(server: WebServer) -> None:
    server.answers["/page"] = html(gzip.compress(ARTICLE), "Content-Encoding: gzip")
    assert PARAGRAPHS[0] in fetch(server, "/page").body


@pytest.mark.parametrize("packing", ["br", "gzip, gzip", "zstd", "gzip"])
def test_a_page_that_cannot_be_unpacked_is_refused(server: WebServer, packing: str) -> None:
    server.answers["/page"] = html(b"not packed", f"Content-Encoding: {packing}")
    assert failure(server).code == "bad_encoding"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n"


def drip(start: bytes) -> Callable[[WebServer], Answer]:
    """A byte every tenth of a second: no pause is long enough for a socket's timeout."""

    def make(server: WebServer) -> Answer:
        def answer(connection: socket.socket) -> None:
            connection.sendall(start)
            while not server.closing.wait(0.1):
                connection.sendall(b"a")

        return answer

    return make


def silence(server: WebServer) -> Answer:
    return lambda _: (server.closing.wait(30), None)[1]


@pytest.mark.parametrize(
    "slow",
    [drip(HEAD + b"\r\n"), drip(HEAD + b"X-Slow: "), drip(b"HTTP/1.1 2"), silence],
    ids=["body", "headers", "status", "silence"],
)
def test_a_slow_server_is_given_up_when_the_time_is_over(
    server: WebServer, slow: Callable[[WebServer], Answer]
) -> None:
    server.answers["/page"] = slow(server)
    refused = failure(server, timeout=1.0)
    assert (refused.code, refused.permanent) == ("timeout", False)


def test_a_server_that_is_not_there_may_come_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(FetchError) as caught:
        fetch_article(f"http://127.0.0.1:{port}/", allowed_hosts=["127.0.0.1"], allow_private=True)
    assert (caught.value.code, caught.value.permanent) == ("connection_failed", False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
        b"HTTP/1.1 999999 \r\n\r\n",
    ],
    ids=range(7),
)
def test_a_broken_answer_is_an_ordinary_failure(server: WebServer, data: bytes) -> None:
    server.answers["/page"] = raw(data)
    assert failure(server).code in ("connection_failed", "http_status")


@pytest.mark.parametrize(
    ("content", "charset", "expected"),
    [
        ("fáilte".encode(), "utf-8", "fáilte"),
        ("fáilte".encode("latin-1"), "ISO-8859-1", "fáilte"),
        ("“quoted”".encode("cp1252"), "iso-8859-1", "“quoted”"),
        ("fáilte".encode(), None, "fáilte"),
        ("fáilte".encode("cp1252"), None, "fáilte"),
        ("новости".encode("cp1251"), "windows-1251", "новости"),
        ("新闻".encode("gbk"), "gb2312", "新闻"),
        ("ニュース".encode("shift_jis"), "Shift_JIS", "ニュース"),
        (b"\xef\xbb\xbf" + "é".encode(), "latin-1", "é"),
        (b"\xff\xfe" + "é".encode("utf-16-le"), None, "é"),
        ("fáilte".encode(), "punycode", "fáilte"),
        ("fáilte".encode(), "unicode_escape", "fáilte"),
        ("fáilte".encode(), "zip", "fáilte"),
        ("fáilte".encode(), "no such", "fáilte"),
        ("fáilte".encode(), "\x00", "fáilte"),
        (b"a\xffb", "utf-8", "a\ufffdb"),
    ],
)
def test_the_charset_of_a_page_is_found(content: bytes, charset: str | None, expected: str) -> None:
    assert decode_page(content, charset) == expected


def test_the_charset_named_in_the_page_is_used() -> None:
    page = '<html><meta http-equiv=content-type content="text/html; charset=windows-1251">дом'
    assert decode_page(page.encode("cp1251"), None).endswith("дом")


def test_a_page_with_very_many_elements_is_still_read(server: WebServer) -> None:
    server.answers["/page"] = html(ARTICLE.replace(b"<footer>", b"<i>x</i>" * MAX_ELEMENTS))
    article = fetch(server, "/page")
    assert article.body.split("\n") == PARAGRAPHS
    assert article.title == "Old tram line to reopen | The Example"


def test_a_deeply_nested_page_is_no_danger(server: WebServer) -> None:
    server.answers["/page"] = html(b"<div>" * 20_000 + ARTICLE + b"</div>" * 20_000)
    try:
        assert fetch(server, "/page").body
    except FetchError as error:
        assert error.code == "no_text"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for news.invalid that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.invalid")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.invalid")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secure_server(certificate: Path) -> Iterator[WebServer]:
    with running_server(certificate) as running:
        running.answers["/city/tram"] = html(ARTICLE)
        yield running


def fetch_by_name(server: WebServer, host: str, path: str = "/city/tram") -> FetchedArticle:
    return fetch_article(
        server.url(path, host),
        allowed_hosts=["news.invalid", "other.invalid"],
        resolver=lambda *_: ["127.0.0.1"],
        allow_private=True,
    )


def test_the_certificate_is_checked_against_the_name(
    secure_server: WebServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch_by_name(secure_server, "news.invalid").body
    with pytest.raises(FetchError) as caught:
        fetch_by_name(secure_server, "other.invalid")
    assert caught.value.code == "tls_failed"


def test_an_unknown_certificate_is_refused(secure_server: WebServer) -> None:
    with pytest.raises(FetchError) as caught:
        fetch_by_name(secure_server, "news.invalid")
    assert caught.value.code == "tls_failed"


def test_a_redirect_from_https_to_http_is_refused(
    secure_server: WebServer,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure_server.answers["/down"] = redirect("http://news.invalid/city/tram")
    with pytest.raises(FetchError) as caught:
        fetch_by_name(secure_server, "news.invalid", "/down")
    assert caught.value.code == "bad_redirect"
