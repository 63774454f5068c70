"""A reader's text made safe: cleaned when it comes in, rendered once when it is stored.

A small Markdown: paragraphs, line breaks, emphasis, quotes, lists, code, and web addresses that
become links. `[text](address)` is left as typed on purpose: a link always shows where it leads.
"""

from __future__ import annotations

import html
import re
import threading
import unicodedata

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_SOURCE_CHARS = 20_000  # above this nothing is parsed; far above any site's limit for a comment
MAX_PREFIX_MARKERS = 6  # quote and list signs that open one line
MAX_INDENT = 24  # spaces before the text of a line
MAX_NESTING = 60  # more than the two limits above can reach, so the parser never drops text
MAX_LINKS = 100  # the scan for addresses takes quadratic time with their number
MAX_STACKED_MARKS = 6  # accents on one letter; real languages need fewer

ALLOWED_TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a"}
ALLOWED_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
LINK_REL = "nofollow ugc noopener"
LINK_SCHEMES = {"http", "https"}

_BLOCK_RULES = ["blockquote", "fence", "list", "paragraph"]
_INLINE_RULES = ["linkify", "text", "newline", "escape", "backticks", "emphasis"]
_PAIR_RULES = ["balance_pairs", "emphasis", "fragments_join"]

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# Control characters but tab and newline; lone surrogates; direction overrides and isolates (they
# make text read other than it is stored); byte order mark; annotation marks; noncharacters.
# Direction *marks* (U+200E, U+200F, U+061C) and joiners stay: Arabic, Hebrew, Persian and emoji
# need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
_MARK_PILE = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff"
    f"\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{MAX_STACKED_MARKS}}})[\u0300-\u036f\u0483-\u0489"
    "\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){3,}")
_MARKER = re.compile(r"[^\S\n]*(?:>|[-+*](?=\s)|\d{1,9}[.)](?=\s))")

_CLEANER = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    link_rel=LINK_REL,
    url_schemes=LINK_SCHEMES,
)
_thread = threading.local()  # linkify-it keeps the text it scans in the object: one per thread


def clean_text(raw: str) -> str:
    """A reader's text as it is stored: NFC, one kind of line end, nothing invisible that misleads.

    Control characters, direction overrides and lone surrogates are dropped, piles of accents are
    cut to six, more than two blank lines become two, and the ends are trimmed.
    """
    text = _LINE_ENDS.sub("\n", raw)
    text = _MARK_PILE.sub(r"\1", _UNWANTED.sub("", text))
    text = unicodedata.normalize("NFC", text)
    return _BLANK_LINES.sub("\n\n\n", text).strip()


def render(text: str) -> str:
    """Safe HTML of a comment, to be stored beside its text.

    Only the tags and attributes of ALLOWED_TAGS and ALLOWED_ATTRIBUTES come out; links carry
    `rel="nofollow ugc noopener"` and lead to http or https. Text is never lost: what is too long
    or nested too deep is shown as typed, and over 100 addresses none of them becomes a link.
    """
    if len(text) > MAX_SOURCE_CHARS:
        escaped = html.escape(text).replace("\n", "<br>")
        return _CLEANER.clean(f"<p>{escaped}</p>")
    parser = _parser()
    tokens = _parse(parser, text)
    return _CLEANER.clean(parser.renderer.render(tokens, parser.options, {})).strip()


def plain_text(text: str) -> str:
    """A comment without its markup, for scoring; each quoted line starts with `> `."""
    if len(text) > MAX_SOURCE_CHARS:
        return text
    lines: list[str] = []
    quote_depth = 0
    for token in _parse(_parser(), text):
        if token.type in ("blockquote_open", "blockquote_close"):
            quote_depth += token.nesting
        elif token.type in ("inline", "fence"):
            content = _inline_text(token) if token.type == "inline" else token.content
            prefix = "> " if quote_depth else ""
            lines.extend(prefix + line for line in content.splitlines())
    return "\n".join(lines).strip()


def _parse(parser: MarkdownIt, text: str) -> list[Token]:
    flat = "\n".join(_flatten(line) for line in text.split("\n"))
    parser.options["linkify"] = flat.count("://") <= MAX_LINKS
    tokens = parser.parse(flat)
    for token in tokens:
        if token.type == "fence" and token.info:
            # The name of a language after ``` would vanish with the text somebody put there.
            token.content, token.info = f"{token.info.strip()}\n{token.content}", ""
    return tokens


def _flatten(line: str) -> str:
    """Limit how deep one line can nest; what goes deeper is shown as typed."""
    stripped = line.lstrip(" \t")
    indent = len(line[: len(line) - len(stripped)].expandtabs(4))
    line = " " * min(indent, MAX_INDENT) + stripped
    position = 0
    for _ in range(MAX_PREFIX_MARKERS):
        marker = _MARKER.match(line, position)
        if marker is None:
            return line
        position = marker.end()
    rest = line[position:].lstrip(" \t")
    if _MARKER.match(rest):
        # A backslash before the sign (for "12." before the dot) makes it ordinary text.
        rest = re.sub(r"^(\d*)", r"\1\\", rest, count=1)
    return f"{line[:position]} {rest}"


def _inline_text(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        else:
            parts.append(child.content)
    return "".join(parts)


def _parser() -> MarkdownIt:
    parser: MarkdownIt | None = getattr(_thread, "parser", None)
    if parser is None:
        parser = _thread.parser = _make_parser()
    return parser


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"breaks": True, "linkify": True, "maxNesting": MAX_NESTING})
    parser.block.ruler.enableOnly(_BLOCK_RULES)
    parser.inline.ruler.enableOnly(_INLINE_RULES)
    parser.inline.ruler2.enableOnly(_PAIR_RULES)
    parser.core.ruler.enable("linkify")
    # Only what starts with http:// or https:// is a link: bare domains would be guesses.
    linkifier = parser.linkify
    if linkifier is None:
        raise RuntimeError("linkify-it-py is not installed")
    linkifier.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for scheme in ("ftp:", "//", "mailto:"):
        linkifier.add(scheme, None)
    # The text of a link is the address as typed: decoding %E2%80%AE would bring back a direction
    # override, decoding punycode a look-alike.
    parser.normalizeLinkText = _as_typed  # type: ignore[method-assign]
    parser.validateLink = _is_web_address  # type: ignore[method-assign]
    return parser


def _is_web_address(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _as_typed(link: str) -> str:
    return link
