"""Ways people hide a word from a filter, applied to the words that make a text toxic.

Independent of the normaliser on purpose: it shares no table with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random

WORDS_FILE = Path(__file__).with_name("toxic_words.txt")

_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "g": "9"}
_LOOKALIKES = {  # Cyrillic and Greek letters drawn like Latin ones
    "a": "\u0430", "c": "\u0441", "e": "\u0435", "i": "\u0456", "j": "\u0458", "o": "\u043e",
    "p": "\u0440", "s": "\u0455", "x": "\u0445", "y": "\u0443", "h": "\u04bb", "d": "\u0501",
    "k": "\u03ba", "u": "\u03c5", "v": "\u03bd",
}  # fmt: skip
_INVISIBLE = "\u200b\u200c\u2060"
_FULLWIDTH_OFFSET = 0xFEE0  # from U+0021–U+007E to U+FF01–U+FF5E
_VOWELS = "aeiou"
_STRETCH = (3, 6)


def _spaced(word: str, random: Random) -> str:
    return random.choice((" ", ".", "-")).join(word)


def _leet(word: str, random: Random) -> str:
    return "".join(random.choice(_LEET.get(letter.lower(), letter)) for letter in word)


def _homoglyph(word: str, random: Random) -> str:
    return "".join(_LOOKALIKES.get(letter.lower(), letter) for letter in word)


def _zero_width(word: str, random: Random) -> str:
    return "".join(letter + random.choice(_INVISIBLE) for letter in word[:-1]) + word[-1]


def _repeats(word: str, random: Random) -> str:
    places = [i for i, letter in enumerate(word) if letter.lower() in _VOWELS] or [len(word) - 1]
    place = random.choice(places)
    return word[:place] + word[place] * random.randint(*_STRETCH) + word[place + 1 :]


def _fullwidth(word: str, random: Random) -> str:
    return "".join(
        chr(ord(letter) + _FULLWIDTH_OFFSET) if "!" <= letter <= "~" else letter for letter in word
    )


PERTURBATIONS: Mapping[str, Callable[[str, Random], str]] = {
    "spaced": _spaced,
    "leet": _leet,
    "homoglyph": _homoglyph,
    "zero-width": _zero_width,
    "repeats": _repeats,
    "fullwidth": _fullwidth,
}


@cache
def _toxic_words() -> re.Pattern[str]:
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)


def has_toxic_word(text: str) -> bool:
    """Whether a perturbation would find something to hide in the text."""
    return _toxic_words().search(text) is not None


def perturb(text: str, kind: str, random: Random) -> str:
    """The text with each toxic word written as `kind` (a key of PERTURBATIONS) writes it."""
    change = PERTURBATIONS[kind]
    return _toxic_words().sub(lambda match: change(match.group(), random), text)
