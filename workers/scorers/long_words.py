"""Stuuuupid, and wordswithoutanyspacebetweenthem: words longer than they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.scorers.loaded_words import LOADED_WORDS
from workers.scorers.mapped_text import Change
from workers.scorers.readings import Reading
from workers.scorers.wordlist import WordList

# Longer than any English word that a comment needs; WordPiece reads none of it from 100 on.
MAX_WORD = 60
# "hhhhhhhh" and "hahahaha" are made of no words.
MIN_DISTINCT = 4
# On the scale of the word list: the natural logarithm of a rank.
FAR_COMMONER = 2.0
_REPEATED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_WORD = re.compile(r"(?<![^\W_])(?<!#)[^\W\d_]+(?![^\W_])")
_ROMAN = re.compile(r"[IVXLCDM]+")
_LONG = re.compile(rf"[^\W\d_]{{{MAX_WORD},}}")


def repeated_letters(text: str, words: WordList | None) -> Iterator[Reading]:
    """Readings of letters three times and more as the one or two that make a word."""
    for match in _WORD.finditer(text):
        token = match.group()
        if not _REPEATED.search(token):
            continue
        if len(set(token.lower())) == 1 or _ROMAN.fullmatch(token):
            continue
        read = _likelier(_REPEATED.sub(r"\1\1", token), _REPEATED.sub(r"\1", token), words)
        yield Reading([Change(match.start(), match.end(), read)], read)


def _likelier(doubled: str, single: str, words: WordList | None) -> str:
    """The double letter unless only the single one, or a far commoner word, is a word."""
    if words is None:
        return doubled
    if (single.lower() in LOADED_WORDS) != (doubled.lower() in LOADED_WORDS):
        return single if single.lower() in LOADED_WORDS else doubled
    double_cost, single_cost = words.cost(doubled.lower()), words.cost(single.lower())
    if single_cost is None:
        return doubled
    return single if double_cost is None or single_cost + FAR_COMMONER < double_cost else doubled


def run_together(text: str, words: WordList | None) -> Iterator[Reading]:
    """Readings of a word longer than any word as those it is made of."""
    for match in _LONG.finditer(text):
        letters = match.group()
        if len(set(letters.lower())) < MIN_DISTINCT:
            continue
        pieces = list(words.cut(letters)) if words is not None and letters.isascii() else letters
        read = " ".join(_in_stretches(pieces))
        yield Reading([Change(match.start(), match.end(), read)], read)


def _in_stretches(pieces: list[str] | str) -> Iterator[str]:
    """The words, and loose letters put together again in stretches of at most MAX_WORD."""
    loose = ""
    for piece in pieces:
        if len(piece) == 1 and len(loose) < MAX_WORD:
            loose += piece
            continue
        if loose:
            yield loose
        loose = piece if len(piece) == 1 else ""
        if len(piece) > 1:
            yield piece
    if loose:
        yield loose
