"""What a comment's text says of itself: words, links, capitals, contact details, matched lists.

Every pattern here is bounded or without overlap, so that the time grows with the text's length
and no text can make it explode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from service.domain.guideline import TermList

MAX_HOSTS = 50
_MAX_HOST = 253
_MAX_LABEL = 63
_PHONE_DIGITS = range(9, 16)

# Endings a bare address (no http://, no www.) may have. The second set are also everyday words
# after a full stop without a space ("done.it was"), so they need a path to count.
_ENDINGS = frozenset(
    """com net org info biz name pro edu gov int mobi app dev page blog news press media live shop
    store online site website space tech cloud host link click top xyz club vip win bet casino
    icu buzz fun loan work world today life agency digital email zone eu ie uk de fr es pt nl lu
    dk se fi pl cz sk hu ro bg gr hr si lt lv ee mt cy ch li ru ua by kz tr il za ng ke au nz ca
    mx br ar cl co pe cn jp kr tw hk sg th vn id ph pk bd lk ir ae sa eg ma io ai gg cc ws fm gl
    gd gy ly su pw ga gq cf tk ml рф xn--p1ai 中国 xn--fiqs8s""".split()
)
_WORD_ENDINGS = frozenset("it is in at be to me so no us my am as do tv la".split())

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_DISGUISED_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?", re.IGNORECASE)
_LINK = re.compile(r"""h(?:tt|xx)ps?://(?:(?!h(?:tt|xx)ps?://)[^\s<>"'`|])+""", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_BARE = re.compile(r"(?<![\w@.-])([^\W_][\w-]{0,62}(?:\.[^\W_][\w-]{0,62}){1,8})([:/?#]\S*)?")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[^\W_][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|\(?0)[\d ().-]{7,22}\d(?![\w-])")
_EIRCODE = re.compile(r"\b[AC-FHKNPRTV-Y]\d[\dW] ?(?=\d{0,3}[AC-FHKNPRTV-Y])[\dAC-FHKNPRTV-Y]{4}\b")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b")


def content_signals(
    body: str,
    *,
    lists: Mapping[str, TermList],
    is_reply: bool,
    language: str | None = None,
    was_obfuscated: bool | None = None,
    near_duplicates_24h: int | None = None,
) -> dict[str, Any]:
    """The `content` signals of one comment; what is passed as None stays unknown.

    Args:
        body: the comment as the reader wrote it.
        lists: the policy's lists.
        is_reply: whether it answers another comment.
        language: code found by the scorer.
        was_obfuscated: whether the scorer had to undo disguised spelling.
        near_duplicates_24h: near copies on this site in the last 24 hours, this one not counted.
    """
    text = plain(body)
    links, rest = split_links(text)
    hosts = tuple(dict.fromkeys(links))[:MAX_HOSTS]
    words = normal_words(rest)
    return {
        "word_count": len(words),
        "link_count": len(links),
        "link_hosts": hosts,
        "caps_ratio": caps_ratio(rest),
        "language": language,
        "near_duplicates_24h": near_duplicates_24h,
        "matched_lists": matched_lists(words, hosts, rest, lists.values()),
        "was_obfuscated": was_obfuscated,
        "is_reply": is_reply,
    }


def lists_in(body: str, lists: Iterable[TermList]) -> tuple[str, ...]:
    """Names of those of `lists` that match a comment, as its `matched_lists` signal has them."""
    links, rest = split_links(plain(body))
    hosts = tuple(dict.fromkeys(links))[:MAX_HOSTS]
    return matched_lists(normal_words(rest), hosts, rest, lists)


def plain(text: str) -> str:
    """The text in compatibility form (full width undone) without invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def normal_words(text: str) -> list[str]:
    """Words for counting and comparing: compatibility form, case folded; accents stay."""
    return _WORD.findall(plain(text).casefold().replace("\u2019", "'"))


def caps_ratio(text: str) -> float:
    """Share of capitals (0–1) among the letters that have a case; 0 where there are none."""
    upper = sum(character.isupper() for character in text)
    lower = sum(character.islower() for character in text)
    return round(upper / (upper + lower), 3) if upper + lower else 0.0


def split_links(text: str) -> tuple[list[str], str]:
    """The host of each link in a text, and the text without the links.

    Found are http(s) addresses (`hxxp` too), `www.` addresses and bare domains, with dots written
    as `[.]` or `(dot)` undone. E-mail addresses are not links.
    """
    text = _DISGUISED_DOT.sub(".", text.replace("。", ".").replace("｡", "."))
    hosts: list[str] = []

    def take_link(found: re.Match[str]) -> str:
        host = host_of(found[0].partition("://")[2])
        if host is None:
            return found[0]
        hosts.append(host)
        return " "

    def take_bare(found: re.Match[str]) -> str:
        if not _is_bare_domain(found):
            return found[0]
        host = host_of(found[1])
        if host is None:
            return found[0]
        hosts.append(host)
        return " "

    rest = _LINK.sub(take_link, text)
    return hosts, _BARE.sub(take_bare, rest)


def _is_bare_domain(found: re.Match[str]) -> bool:
    if found.string[found.end(1) : found.end(1) + 1] == "@":
        return False
    name = found[1].casefold()
    ending = name.rpartition(".")[2]
    if name.startswith("www.") or ending in _ENDINGS:
        return not name.replace(".", "").isdigit()
    return ending in _WORD_ENDINGS and (found[2] or "").startswith("/")


def host_of(address: str) -> str | None:
    """The host of an address without its scheme: lower case, punycode, without `www.`.

    None where there is no valid host name.
    """
    authority = re.split(r"[/?#\\]", address, maxsplit=1)[0].rpartition("@")[2]
    host = authority.partition(":")[0].strip(".,;!)]}*_ ").lower().removeprefix("www.")
    if not host or len(host) > _MAX_HOST or "." not in host:
        return None
    labels = host.split(".")
    if any(not label or len(label) > _MAX_LABEL for label in labels):
        return None
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def matched_lists(
    words: list[str], hosts: Iterable[str], text: str, lists: Iterable[TermList]
) -> tuple[str, ...]:
    """Names of the lists that match: a word or phrase, a host or one of its parents, a contact."""
    hosts = tuple(hosts)
    return tuple(found.name for found in lists if _matches(found, words, hosts, text))


def _matches(terms: TermList, words: list[str], hosts: tuple[str, ...], text: str) -> bool:
    match terms.type:
        case "words":
            return _holds_phrase(words, terms.entries)
        case "hosts":
            return any(parent in terms.entries for host in hosts for parent in _parents(host))
        case "contact_details":
            return has_contact_details(text)


@lru_cache(maxsize=64)
def _lengths(entries: frozenset[str]) -> Mapping[str, int]:
    """By the first word of phrases: the words of the longest one that begins so."""
    lengths: dict[str, int] = {}
    for entry in entries:
        first, count = entry.partition(" ")[0], entry.count(" ") + 1
        lengths[first] = max(count, lengths.get(first, 0))
    return lengths


def _holds_phrase(words: list[str], entries: frozenset[str]) -> bool:
    lengths = _lengths(entries)
    return any(
        " ".join(words[start:end]) in entries
        for start, word in enumerate(words)
        if word in lengths
        for end in range(start + 1, min(start + lengths[word], len(words)) + 1)
    )


def _parents(host: str) -> Iterator[str]:
    """`a.b.example`, `b.example`, `example`."""
    while host:
        yield host
        host = host.partition(".")[2]


def has_contact_details(text: str) -> bool:
    """Whether a text holds an e-mail address, a telephone number, an Eircode or an IBAN."""
    if any(pattern.search(text) for pattern in (_EMAIL, _EIRCODE, _IBAN)):
        return True
    return any(
        sum(character.isdigit() for character in found[0]) in _PHONE_DIGITS
        for found in _PHONE.finditer(text)
    )
