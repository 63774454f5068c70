"""S p a c e d, d.o.t.t.e.d and h-y-p-h-e-n-e-d words; initials, acronyms and lists stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from workers.scorers.leet import read_leet
from workers.scorers.loaded_words import LOADED_WORDS
from workers.scorers.mapped_text import Change
from workers.scorers.readings import Reading
from workers.scorers.wordlist import WordList

MIN_LETTERS = 3
LETTERISH = r"[^\W_]|[@$!|€£]"
# One separator throughout; with spaces, a wider gap may stand between two words.
_SPACED = re.compile(
    rf"(?<![^\s\"'“‘(\[])(?<!\w['’])(?:{LETTERISH})(?P<sep> {{1,2}}|[.\-_*~/\\,·•+=]+ ?)"
    rf"(?:(?:{LETTERISH})(?:(?P=sep)| {{2,4}}))+(?:{LETTERISH})(?![^\W_])"
)
_BREAK = re.compile(r"[._|~*]")
_BROKEN = re.compile(r"(?<![\w.*])[A-Za-z]+(?:[._|~*][A-Za-z]+)+(?![\w.*])")
_LETTER = re.compile(LETTERISH)


def spaced_letters(text: str, words: WordList | None) -> Iterator[Reading]:
    """Readings of letters set apart as the words they spell."""
    for match in _SPACED.finditer(text):
        places = [i for i in range(*match.span()) if _LETTER.match(text[i])]
        letters = "".join(text[i] for i in places)
        if _is_short_form(match, letters, text) or _in_order(letters):
            continue
        gaps = [b - a for a, b in pairwise(places)]
        breaks = [n for n, gap in enumerate(gaps, start=1) if gap > 1 + len(match["sep"])]
        read = _read(letters, breaks, words)
        if read is not None:
            yield Reading(list(_close_up(places, read)), read)


def broken_words(text: str, words: WordList | None) -> Iterator[Reading]:
    """Readings of st.upid and id_iot as the one word; two words joined by a point stay two."""
    for match in _BROKEN.finditer(text):
        pieces = _BREAK.split(match.group())
        read = "".join(pieces)
        whole = words is not None and all(words.cost(piece.lower()) for piece in pieces)
        if not whole and len(read) > MIN_LETTERS and read.lower() in LOADED_WORDS:
            yield Reading([Change(match.start(), match.end(), read)], read)


def _close_up(places: list[int], read: str) -> Iterator[Change]:
    """Edits that close the gaps between the letters, leaving one where `read` has a space."""
    previous = None
    gap = ""
    letters = iter(places)
    for char in read:
        if char == " ":
            gap = " "
            continue
        place = next(letters)
        if previous is not None:
            yield Change(previous + 1, place, gap)
        yield Change(place, place + 1, char)
        previous, gap = place, ""


def _read(letters: str, breaks: list[int], words: WordList | None) -> str | None:
    """The words that the letters spell, None where they spell none; as many letters as before."""
    if len(letters) < MIN_LETTERS or sum(map(str.isalpha, letters)) * 2 < len(letters):
        return None
    bounds = [0, *breaks, len(letters)]
    parts = [letters[a:b] for a, b in pairwise(bounds)]
    read = [_read_part(part, words) for part in parts]
    return " ".join(r for r in read if r) if all(read) else None


def _read_part(letters: str, words: WordList | None) -> str | None:
    plain = letters if letters.isalpha() else read_leet(letters, words) or letters
    if words is None:
        return plain
    cut = words.cut(plain)
    loose = sum(len(word) == 1 and word.lower() not in ("a", "i") for word in cut)
    if loose == 0 and any(len(word) >= MIN_LETTERS for word in cut):
        return " ".join(cut)
    return plain if len(plain) > MIN_LETTERS and loose <= 1 else None


def _is_short_form(match: re.Match[str], letters: str, text: str) -> bool:
    """I.R.A., U.S.S.R., a.k.a.: points after capitals, or three letters that hide nothing."""
    if match["sep"] != "." or letters.lower() in LOADED_WORDS:
        return False
    pointed = text[match.end() : match.end() + 1] == "."
    return len(letters) <= MIN_LETTERS or (letters.isupper() and pointed)


def _in_order(letters: str) -> bool:
    """a b c d, x y z: an enumeration."""
    codes = [ord(char) for char in letters.lower()]
    return all(b - a == 1 for a, b in pairwise(codes))
