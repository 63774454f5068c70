"""Cut an article's body into passages of a size a sentence encoder can take in whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

MIN_WORDS = 60
MAX_WORDS = 120
MAX_PASSAGES = 60
# A script without spaces counts as one word: characters bound the passage there.
MAX_CHARACTERS = 1_000
# A last passage shorter than this says too little alone and joins the one before it.
MIN_TAIL_WORDS = 20

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
# A line that ends like a sentence ends a paragraph; any other line break is only a wrapped line.
_ENDED_LINE = re.compile(r"(?<=[.!?…:][\"'”’)\]])\n|(?<=[.!?…:])\n")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”’)\]])\s+|(?<=[。！？])")
_CONTENT = re.compile(r"\w")


def split_passages(body: str) -> list[str]:
    """Passages of about MIN_WORDS to MAX_WORDS words, in reading order.

    Sentences are kept whole where they fit, and a passage prefers to end with a paragraph.
    Args:
        body: the article's plain text; paragraphs are separated by blank lines or by a line
            that ends like a sentence.
    Returns:
        At most MAX_PASSAGES passages, none empty; a longer article is represented by passages
        spread evenly over it, so that its end counts as much as its beginning.
    """
    return _spread(_join_tail(list(_merge(_units(body)))))


def _units(body: str) -> Iterator[tuple[str, bool]]:
    """Each sentence (cut where longer than a passage), and whether it ends its paragraph."""
    for block in _BLANK_LINE.split(body.replace("\r\n", "\n").replace("\r", "\n")):
        for paragraph in _ENDED_LINE.split(block):
            text = " ".join(paragraph.split())
            if not _CONTENT.search(text):
                continue
            pieces = [piece for s in _SENTENCE_END.split(text) if s for piece in _cut(s)]
            for position, piece in enumerate(pieces, start=1):
                yield piece, position == len(pieces)


def _cut(sentence: str) -> Iterator[str]:
    """The sentence itself, or pieces of at most MAX_WORDS words and MAX_CHARACTERS characters."""
    words = sentence.split()
    for start in range(0, len(words), MAX_WORDS):
        piece = " ".join(words[start : start + MAX_WORDS])
        for offset in range(0, len(piece), MAX_CHARACTERS):
            part = piece[offset : offset + MAX_CHARACTERS].strip()
            if part:
                yield part


def _merge(units: Iterator[tuple[str, bool]]) -> Iterator[str]:
    open_passage: list[str] = []
    words = characters = 0
    for text, ends_paragraph in units:
        size = _words(text)
        is_full = words + size > MAX_WORDS or characters + len(text) > MAX_CHARACTERS
        if open_passage and is_full:
            yield " ".join(open_passage)
            open_passage, words, characters = [], 0, 0
        open_passage.append(text)
        words += size
        characters += len(text) + 1
        if ends_paragraph and words >= MIN_WORDS:
            yield " ".join(open_passage)
            open_passage, words, characters = [], 0, 0
    if open_passage:
        yield " ".join(open_passage)


def _join_tail(passages: list[str]) -> list[str]:
    if len(passages) < 2 or _words(passages[-1]) >= MIN_TAIL_WORDS:
        return passages
    joined = f"{passages[-2]} {passages[-1]}"
    return passages if len(joined) > MAX_CHARACTERS else [*passages[:-2], joined]


def _spread(passages: list[str]) -> list[str]:
    if len(passages) <= MAX_PASSAGES:
        return passages
    step = (len(passages) - 1) / (MAX_PASSAGES - 1)
    return [passages[round(position * step)] for position in range(MAX_PASSAGES)]


def _words(text: str) -> int:
    return len(text.split())
