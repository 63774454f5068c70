"""What of a comment is the reader's own words, and whether it is enough to tell its topic."""

from __future__ import annotations

import re

# "Thanks!", "lol so true": nothing in so few words says what they are about.
MIN_WORDS = 3
MIN_LETTERS = 12
# Chinese and Japanese put no spaces between words; a word is about two characters there.
LETTERS_PER_UNSPACED_WORD = 2

_QUOTED_LINE = re.compile(r"^[^\S\n]*>.*(?:\n|$)", re.MULTILINE)
_LINK = re.compile(r"https?://\S+|www\.\S+")
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def own_words(text: str) -> str:
    """The text less its quoted lines ("> ..."), which are another's words.

    A lone surrogate, which no encoder can read, becomes the replacement character.
    """
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _QUOTED_LINE.sub("", clean).strip() if ">" in clean else clean


def says_enough(text: str) -> bool:
    """Whether the text has enough words, links aside, to have a topic."""
    words = _WORD.findall(_LINK.sub(" ", text))
    unspaced = len(_UNSPACED.findall(text))
    if unspaced:
        return unspaced >= MIN_WORDS * LETTERS_PER_UNSPACED_WORD
    return len(words) >= MIN_WORDS and sum(map(len, words)) >= MIN_LETTERS


def count_words(text: str) -> int:
    """Words between spaces; for scripts without spaces, what their characters amount to."""
    return max(len(text.split()), len(_UNSPACED.findall(text)) // LETTERS_PER_UNSPACED_WORD)
