"""Evasion by characters: invisible ones, stacked accents, dressed-up letters, other scripts."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from workers.scorers.confusables import REAL_LATIN_END, latin_lookalike, undressed
from workers.scorers.mapped_text import Change
from workers.scorers.readings import MIN_THROUGHOUT, Reading, is_loaded
from workers.scorers.wordlist import WordList

# Two accents are the most that a living language puts on one Latin letter (Vietnamese).
MAX_ACCENTS = 2
# One letter of another script may be a unit or a formula (µ, Ω); from here on it is a spelling.
MIN_FOLDED_WORD = 3
MIN_DRESSED = 2
SOFT_HYPHEN = "\u00ad"
# Invisible besides Unicode's format characters: fillers, the grapheme joiner, variation selectors.
INVISIBLE_TOO = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
# Strokes drawn through letters.
OVERLAYS = "\u0334\u0335\u0336\u0337\u0338\u20d2\u20d3\u20d8\u20e5\u20eb"

_RUN = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"\S+")
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


def strip_invisible(text: str) -> tuple[list[Change], bool]:
    """Edits that remove what is not seen inside a word, and whether that was to hide the word.

    Emoji keep their joiners and selectors, and scripts that shape letters with them too.
    """
    edits = []
    evasive = False
    for match in _RUN.finditer(text):
        for visible, run in groupby(range(*match.span()), lambda i: not _is_invisible(text[i])):
            places = list(run)
            if visible or not _is_in_latin_word(text, places[0], places[-1] + 1):
                continue
            edits.append(Change(places[0], places[-1] + 1, ""))
            evasive = evasive or not _is_hyphenation(text, places)
    return edits, evasive


def strip_stacked(text: str) -> tuple[list[Change], bool]:
    """Edits that remove strokes through letters and more accents than any language stacks."""
    edits = []
    for match in _MARKS.finditer(text):
        base = match.start() - 1
        stacked = len(match.group()) > MAX_ACCENTS or any(
            mark in OVERLAYS for mark in match.group()
        )
        if stacked and base >= 0 and _is_latin(text[base]):
            bare = unicodedata.normalize("NFD", text[base])[0]
            edits.append(Change(base, match.end(), bare))
    return edits, bool(edits)


def fold_letters(text: str, words: WordList | None) -> tuple[list[Change], bool]:
    """Edits that put plain Latin letters for dressed-up ones and for lookalikes.

    Lookalikes are read as Latin only where a word comes out, or in a text full of them, and
    only in a Latin text or a word with Latin letters: Cyrillic and Greek are left as they are.
    """
    latin = sum(c.isascii() and c.isalpha() for c in text)
    latin_text = latin * 2 > sum(map(str.isalpha, text))
    dressed: list[Change] = []
    alike: list[Reading] = []
    for match in _WORD.finditer(text):
        if match.group().isascii():
            continue
        dressed += _read_dressed(text, match.start(), match.end())
        reading = _read_lookalikes(text, match.start(), match.end(), latin_text=latin_text)
        if reading is not None:
            alike.append(reading)
    many = len(alike) >= MIN_THROUGHOUT
    folded = [
        edit
        for reading in alike
        if _is_believed(reading, words, many=many)
        for edit in reading.edits
    ]
    edits = sorted([*dressed, *folded], key=lambda edit: edit.start)
    return edits, bool(edits)


def _read_dressed(text: str, start: int, end: int) -> list[Change]:
    """Edits for a word with several dressed-up letters among plain ones; not for phonetic signs."""
    plain = [(i, undressed(text[i])) for i in range(start, end) if not text[i].isascii()]
    edits = [Change(i, i + 1, letter) for i, letter in plain if letter]
    strange = any(text[i].isalpha() and ord(text[i]) >= REAL_LATIN_END for i, p in plain if not p)
    letters = sum(edit.text.isalpha() for edit in edits)
    return [] if strange or letters < MIN_DRESSED else edits


def _read_lookalikes(text: str, start: int, end: int, *, latin_text: bool) -> Reading | None:
    letters = [i for i in range(start, end) if text[i].isalpha() and not undressed(text[i])]
    foreign = [i for i in letters if not _is_latin(text[i])]
    if len(letters) < MIN_FOLDED_WORD or not foreign:
        return None
    if not latin_text and len(foreign) == len(letters):
        return None
    plain = {i: latin_lookalike(text[i]) for i in foreign}
    if not all(plain.values()):
        return None
    word = "".join(plain.get(i) or text[i] for i in letters)
    return Reading([Change(i, i + 1, letter or "") for i, letter in plain.items()], word)


def _is_believed(reading: Reading, words: WordList | None, *, many: bool) -> bool:
    if len(reading.edits) == len(reading.words):
        # Not one Latin letter: most often a quotation.
        return is_loaded(reading.words)
    return many or words is None or words.cost(reading.words.lower()) is not None


def _is_latin(char: str) -> bool:
    """An ordinary letter of the Latin script; an IPA sign or a small capital is not."""
    if char.isascii():
        return char.isalpha()
    return latin_lookalike(char) is None and unicodedata.name(char, "").startswith("LATIN")


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or char in INVISIBLE_TOO


def _is_in_latin_word(text: str, start: int, end: int) -> bool:
    """Whether Latin letters or digits stand on both sides of start–end."""
    sides = (text[start - 1 : start], text[end : end + 1])
    return all(c and (_is_latin(c) or (c.isascii() and c.isdigit())) for c in sides)


def _is_hyphenation(text: str, places: list[int]) -> bool:
    """One soft hyphen; hyphenation never leaves a single letter alone, hiding a word does."""
    first, last = places[0], places[-1]
    around = (text[first - 2 : first], text[last + 1 : last + 3])
    soft = first == last and text[first] == SOFT_HYPHEN
    return soft and all(len(side) > 1 and side.isalpha() for side in around)


def is_blank(text: str) -> bool:
    """Whether nothing of the text is seen."""
    return all(c.isspace() or _is_invisible(c) or unicodedata.category(c) == "Cc" for c in text)
