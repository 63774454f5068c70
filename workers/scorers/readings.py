"""How a stretch of text may be read, and which of these readings are believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from workers.scorers.loaded_words import LOADED_WORDS
from workers.scorers.mapped_text import Change
from workers.scorers.wordlist import stems

# Someone who spells this many words oddly, and this share of all words, does it throughout.
MIN_THROUGHOUT = 3
THROUGHOUT_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Reading:
    """Edits that make odd spelling plain, and the words that come out."""

    edits: Sequence[Change]
    words: str


Finder = Callable[[str], Iterable[Reading]]


def believed(text: str, readings: Sequence[Reading]) -> list[Change]:
    """Edits of the readings worth making, in order.

    A single odd spelling is most often a name, a typo, a number plate or emphasis, and is left
    alone unless the word it hides is one that matters to a toxicity model.
    """
    throughout = len(readings) >= max(MIN_THROUGHOUT, THROUGHOUT_SHARE * len(text.split()))
    return [
        edit
        for reading in readings
        if throughout or any(is_loaded(word) for word in reading.words.split())
        for edit in reading.edits
    ]


def is_loaded(word: str) -> bool:
    """Whether a word, or its stem, is one that insults, threatens, or names a group of people."""
    lower = word.lower().strip("'-")
    return lower in LOADED_WORDS or any(stem in LOADED_WORDS for stem in stems(lower))
