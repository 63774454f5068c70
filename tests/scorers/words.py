"""A word list big enough for the tests, in the order of frequency."""

from __future__ import annotations

from workers.scorers.normaliser import TextNormaliser
from workers.scorers.wordlist import WordList

COMMON = (
    "the of and to in is was for on you are it that all this with not have from they good so now "
    "what who about time people way out go like just know hate trash women men idiot stupid "
    "cool school book look feel need see free loser cancer salad believe facebook council mayor"
).split()


def small_normaliser() -> TextNormaliser:
    """A normaliser with COMMON as its word list."""
    return TextNormaliser(WordList({word: rank for rank, word in enumerate(COMMON, start=1)}))
