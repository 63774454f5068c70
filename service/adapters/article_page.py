"""Take an article out of its page: text, title, time, language, whatever the charset."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import trafilatura
from trafilatura.settings import Document

from service.adapters.markup import clean_text
from service.adapters.web_address import FetchError, parse_address
from service.adapters.web_page import FetchLimits, Page

MAX_TITLE_CHARS = 300
MAX_SECTION_CHARS = 80
MAX_BODY_CHARS = 200_000
# Above these the extraction library is not asked. News pages have 1,000 to 5,000 elements.
MAX_ELEMENTS = 15_000
MAX_PARSED_CHARS = 1_500_000
MAX_PARAGRAPHS = 2_000

# How far into a page a charset is looked for; the HTML standard looks at 1,024 bytes.
_CHARSET_BYTES = 4096
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python knows "charsets" that are none of the web's and cost quadratic time (punycode, idna).
_CHARSET = re.compile(
    r"utf-8|utf-16-[lb]e|utf-16|cp125\d|iso8859-\d+|koi8-[ru]|gbk|gb2312|gb18030|big5|euc_jp"
    r"|shift_jis|cp932|iso2022_jp|euc_kr|cp949|cp866|mac-roman|ascii|cp874|tis-620"
)
# What pages call Latin-1 or ASCII is Windows-1252 in every browser.
_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gbk", "utf-16": "utf-16-le"}

_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])")
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


@dataclass(frozen=True, slots=True)
class FetchedArticle:
    """An article as its page tells it. `language` is a two- or three-letter code."""

    url: str
    canonical_url: str
    title: str
    body: str
    published_at: datetime | None
    language: str | None
    section: str | None


def decode_page(content: bytes, charset: str | None) -> str:
    """Text of a page: byte order mark, then the server's charset, then the page's, then UTF-8.

    What fits none of them is read as Windows-1252, as browsers do.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    found = _META_CHARSET.search(content[:_CHARSET_BYTES])
    in_page = found.group(1).decode("ascii") if found else None
    for label in (charset, in_page):
        codec = _web_codec(label)
        if codec is not None:
            return content.decode(codec, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _web_codec(label: str | None) -> str | None:
    try:
        name = codecs.lookup(label or "").name
    except (LookupError, ValueError):
        return None
    return _ALIASES.get(name, name) if _CHARSET.fullmatch(name) else None


def read_article(page: Page, limits: FetchLimits) -> FetchedArticle:
    """Take the article out of a fetched page. Raises FetchError `no_text`, permanent."""
    html = decode_page(page.content, page.charset).replace("\x00", "")
    tree = trafilatura.load_html(html)
    if tree is None:
        raise FetchError("no_text", "the page holds no HTML", permanent=True)
    canonical = _canonical(tree, page.url, limits)
    published, language = _published_at(tree, html), _language(tree)
    section = _first(tree, "//meta[@property='article:section']/@content")
    title, body, day = _extract(tree, page.url, html)
    if not body:
        raise FetchError("no_text", "no article text was found on the page", permanent=True)
    return FetchedArticle(
        url=page.url,
        canonical_url=canonical,
        title=_line(title, MAX_TITLE_CHARS),
        body=body,
        published_at=published or _as_time(day),
        language=language,
        section=_line(section, MAX_SECTION_CHARS) or None,
    )


def _extract(tree: Any, url: str, html: str) -> tuple[str | None, str, str | None]:
    """Title, body and day of publication."""
    if len(html) <= MAX_PARSED_CHARS and sum(1 for _ in tree.iter()) <= MAX_ELEMENTS:
        found = trafilatura.bare_extraction(
            tree,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        if isinstance(found, Document) and found.text:
            return found.title, _body(found.text), found.date
    # The library's time grows with the square of a page's size: a huge page is read more simply.
    paragraphs = tree.xpath("//article//p") or tree.xpath("//main//p") or tree.xpath("//p")
    text = "\n".join(" ".join(p.text_content().split()) for p in paragraphs[:MAX_PARAGRAPHS])
    return _first(tree, "//title/text()"), _body(text), None


def _body(text: str) -> str:
    return clean_text(text[:MAX_BODY_CHARS])


def _canonical(tree: Any, url: str, limits: FetchLimits) -> str:
    """The page's own word on its address, where that lies on the site; else where it was found."""
    named = _first(tree, "//link[@rel='canonical']/@href")
    if not named:
        return url
    try:
        address = parse_address(
            urljoin(url, named.strip()), limits.allowed_hosts, allow_private=limits.allow_private
        )
    except (FetchError, ValueError):
        return url
    return str(address)


def _published_at(tree: Any, html: str) -> datetime | None:
    """The moment of publication; the extraction library only knows the day."""
    in_meta = _first(
        tree,
        "//meta[@property='article:published_time' or @itemprop='datePublished']/@content"
        " | //time[@itemprop='datePublished' or @pubdate]/@datetime",
    )
    in_data = _JSON_LD_DATE.search(html)
    return _as_time(in_meta) or _as_time(in_data.group(1) if in_data else None)


def _as_time(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _language(tree: Any) -> str | None:
    found = _LANGUAGE.match((_first(tree, "/html/@lang") or "").strip().lower())
    return found.group() if found else None


def _first(tree: Any, xpath: str) -> str | None:
    found = tree.xpath(xpath)
    return str(found[0]) if found else None


def _line(text: str | None, max_chars: int) -> str:
    return " ".join(clean_text(text or "").split())[:max_chars]
