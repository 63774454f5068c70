"""What of a comment is the reader's own words, and whether it is enough to tell its topic."""

from __future__ import annotations

import re

# "Thanks!", "lol so true": nothing in so few words says what they are about.
MIN_WORDS = 3
MIN_LETTERS = 12

_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+")


def without_quotes(text: str) -> str:
    """The text less its quoted lines ("> ..."): those are another's words."""
    return _QUOTED_LINE.sub("", text).strip() if ">" in text else text


def says_enough(text: str) -> bool:
    """Whether the text has enough words, or enough letters without spaces, to have a topic."""
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if any("\u3040" <= word[0] <= "\u9fff" for word in words):
        return letters >= MIN_WORDS * 2
    return len(words) >= MIN_WORDS and letters >= MIN_LETTERS
