"""Other spellings of a training text: as the news set writes it, and as evaders write it."""

from __future__ import annotations

import random
import re

_PUNCTUATION = re.compile(r"[^\w\s]|_")
_LEET = str.maketrans({"a": "@", "i": "1", "e": "3", "o": "0", "s": "$"})
EVASION_WORD = 4
EVASION_SHARE = 0.2
WORDS_LOST = 0.08


def bare(text: str) -> str:
    """Lower case without punctuation, words left joined as the balanced news set has them."""
    return _PUNCTUATION.sub("", text.lower()).replace("\n", " ").strip()


def evaded(text: str, chooser: random.Random) -> str:
    """Some longer words with look-alike signs, doubled letters or dots between the letters."""
    words = text.split(" ")
    return " ".join(
        _disguised(word, chooser)
        if len(word) >= EVASION_WORD and chooser.random() < EVASION_SHARE
        else word
        for word in words
    )


def thinned(text: str, chooser: random.Random) -> str:
    """The text with a few of its words left out, so that no single word is learnt by heart."""
    kept = [word for word in text.split(" ") if chooser.random() >= WORDS_LOST]
    return " ".join(kept) or text


def _disguised(word: str, chooser: random.Random) -> str:
    way = chooser.randrange(3)
    if way == 0:
        return word.translate(_LEET)
    if way == 1:
        place = chooser.randrange(len(word))
        return word[:place] + word[place] * 3 + word[place:]
    return ".".join(word)
