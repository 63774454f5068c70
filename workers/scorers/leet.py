"""L33t and f**k: digits, signs and stars in the place of letters; numbers, units and codes stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise, product

from workers.scorers.loaded_words import LOADED_WORDS, SWEAR_WORDS
from workers.scorers.mapped_text import Change
from workers.scorers.readings import Reading
from workers.scorers.wordlist import WordList

MIN_WORD = 3
MAX_WORD = 24
MAX_READINGS = 128
MIN_FAIR_WORD = 4
# 600K is an amount; 817ch has letters enough to be a word.
MIN_CODE_LETTERS = 2
# A word no list knows is read as one from so many signs inside it and so many letters left.
MIN_UNKNOWN_SIGNS = 2
MIN_UNKNOWN_LETTERS = 3
CACHED_TOKENS = 1024

LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "€": "e", "£": "l", "¢": "c",
    "¡": "i", "§": "s",
}  # fmt: skip
_TOKEN = re.compile(r"\S+")
_SIGN = re.compile(r"[0-9@$!|+€£¢¡§]")
_EDGES = "\"'“”‘’()[]{}<>.,;:?*_~"
# A star inside, or several at the end: one at the end points to a footnote or ends *emphasis*.
_STARRED = re.compile(r"(?<![\w*#'’])[A-Za-z]+[*#](?:[A-Za-z*#]*[A-Za-z]|\*[*#]*)(?![\w*#])")
_LINK = re.compile(
    r"https?://|www\.|\S+@\S+\.\w|\w+\.(?:com|org|net|ie|co|uk|eu|gov)\b", re.IGNORECASE
)
# Amounts with units, ordinals, clock times; then roads, routes and models: never a word.
_CODE = re.compile(
    r"[€£$+\-]?\d[\d.,:/]*(?:[a-z%°+]{0,3}|[A-Z]{1,3})[+!]*|[A-Za-z]{1,5}[\-/]?\d[\d.]*[+!]*"
)
# Formulas, short forms and names like H2O, B2B, mp3s: a word only if a fair word comes out.
_CODE_LIKE = re.compile(
    r"(?:[A-Z]{1,2}\d{0,2}){1,5}|[a-zA-Z]\d[a-zA-Z]|[A-Za-z]{1,2}\d+[A-Za-z]|[\w+]*\d{3,}[\w+]*"
)


def leet_words(text: str, words: WordList | None) -> Iterator[Reading]:
    """Readings of words with digits and signs for letters."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if not _SIGN.search(token):
            continue
        core = token.strip(_EDGES)
        plain = core.rstrip("!")
        if not MIN_WORD <= len(plain) <= MAX_WORD or _LINK.search(token):
            continue
        read = read_leet(plain, words)
        if read and _is_credible(plain, read):
            start = match.start() + token.index(core)
            yield Reading([Change(start, start + len(plain), read)], read)


def read_leet(token: str, words: WordList | None) -> str | None:
    """The word a token spells with LEET signs read as letters; None where it spells none.

    The word has exactly as many letters as the token has characters.
    """
    options = [LEET.get(char, char) for char in token.lower()]
    if not any(c in LEET for c in token) or not all(o.isalpha() or o in "'-" for o in options):
        return None
    readings = ["".join(choice) for choice in islice(product(*options), MAX_READINGS)]
    if words is not None:
        known = [(cost, r) for r in readings if (cost := words.cost(r)) is not None]
        if known:
            chosen = min(known, key=lambda item: (item[1] not in LOADED_WORDS, item[0]))
            return in_the_case_of(token, chosen[1])
    inside = sum(b in LEET and a.isalpha() for a, b in pairwise(token))
    letters = sum(map(str.isalpha, token))
    named = token.startswith("@")
    if inside >= MIN_UNKNOWN_SIGNS and letters >= MIN_UNKNOWN_LETTERS and not named:
        return in_the_case_of(token, readings[0])
    return None


def starred_words(text: str) -> Iterator[Reading]:
    """Readings of f**k and sh*t: stars for letters of a word that people put stars in."""
    for match in _STARRED.finditer(text):
        word = _starred_word(match.group().lower()) if len(match.group()) <= MAX_WORD else None
        if word:
            read = in_the_case_of(match.group(), word)
            yield Reading([Change(match.start(), match.end(), read)], read)


@lru_cache(maxsize=CACHED_TOKENS)
def _starred_word(token: str) -> str | None:
    """The first swear word with a letter for each star, else with several for three and more."""
    exact = re.sub(r"[*#]", "[a-z]", token)
    loose = re.sub(r"[*#]", "[a-z]", re.sub(r"[*]{3,}", "*{2,5}", token))
    for pattern in (exact, loose):
        word = next((w for w in SWEAR_WORDS if re.fullmatch(pattern, w)), None)
        if word:
            return word
    return None


def in_the_case_of(token: str, word: str) -> str:
    """The word in capitals, capitalised or plain, as the token is."""
    letters = [char for char in token if char.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters)):
        return word.upper()
    return word.capitalize() if token[0].isupper() else word


def _is_credible(token: str, word: str) -> bool:
    """Whether a token that could be a code or an amount is a word after all."""
    fair = len(word) >= MIN_FAIR_WORD
    loaded = word.lower() in LOADED_WORDS
    if not any(map(str.isalpha, token)):
        return loaded and not token.isdigit()
    if _CODE.fullmatch(token):
        return loaded and fair and sum(map(str.isalpha, token)) >= MIN_CODE_LETTERS
    if token.startswith("@"):
        return loaded
    return loaded or fair or not _CODE_LIKE.fullmatch(token)
