"""How constructively a comment is written for its length: by signs that can be pointed at.

Long comments have more of everything, and readers call them constructive for it: on the labelled
news comments at hand, length alone tells the raters' "constructive" from the rest almost
perfectly (docs/ranking.md). A sign therefore counts only by how much more it is than would be
expected in a comment of that length (the confound: V. Kolhatkar et al., "Classifying
constructive comments", arXiv 2004.05476).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

# Fewer words can hardly show a sign, and the expectation was not fitted below.
MIN_WORDS = 8
LANGUAGE = "en"
EVEN = 0.5
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign, and how often ordinary comments show it: in n words with the probability
    1 / (1 + exp(−(base + slope · ln n))).
    """

    name: str
    pattern: re.Pattern[str]
    base: float
    slope: float

    def expected(self, words: int) -> float:
        """The probability (0–1) that an ordinary comment of so many words shows it."""
        return 1.0 / (1.0 + math.exp(-(self.base + self.slope * math.log(words))))


def _phrases(text: str) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(text.split("\n"), key=len, reverse=True))


def _sign(name: str, phrases: str, base: float, slope: float, also: str = "") -> Sign:
    pattern = rf"{also}\b(?:{_phrases(phrases)})\b"
    return Sign(name, re.compile(pattern, re.IGNORECASE), base, slope)


# Bases and slopes: logistic regressions on 3,566 inoffensive news comments of Civil Comments (CC0),
# without any label of constructiveness. The words are our own choice.
SIGNS = (
    _sign(
        "reasons",
        "because\nsince\ntherefore\nthus\nhence\nconsequently\ndue to\nas a result\nin order to\n"
        "the reason\nwhich means\nthis means\nthat means\notherwise",
        base=-6.759,
        slope=1.269,
    ),
    _sign(
        "evidence",
        "http\nhttps\naccording to\nfor example\nfor instance\nsuch as\nstudy\nstudies\ndata\n"
        "statistics\nevidence\nresearch\nsource\nsurvey\nfigures\npercent\nper cent",
        base=-5.291,
        slope=1.135,
        also=r"\d|",
    ),
    _sign(
        "balance",
        "however\nalthough\nthough\non the other hand\non the one hand\nwhereas\ndespite\n"
        "rather than\nnot only\nto be fair\ngranted\nadmittedly\neven if\nunless\nwhile\nboth\n"
        "perhaps\nmight",
        base=-6.348,
        slope=1.203,
    ),
    _sign(
        "proposals",
        "should\ncould\nought to\nneed to\nneeds to\nsuggest\npropose\nsolution\nalternative\n"
        "instead\nbetter to\none way\nhow about\nwhat if\nlet's\nlets",
        base=-5.078,
        slope=1.007,
    ),
)


@dataclass(frozen=True, slots=True)
class SignSeen:
    """One sign in one comment: whether it is there, and the chance (0–1) that it would be."""

    name: str
    present: bool
    expected: float


@dataclass(frozen=True, slots=True)
class Constructiveness:
    """`value` 0–1, where 0.5 is what is ordinary for a comment of so many `words`."""

    value: float
    words: int
    signs: tuple[SignSeen, ...]


def constructiveness(text: str, *, language: str | None) -> Constructiveness | None:
    """What the signs say of a comment; None where they say nothing: not in English, or too short.

    1. Each sign is there or not: using it often does not count twice.
    2. From each, what is expected of an ordinary comment of this length is taken off.
    3. value = 0.5 + the sum of these differences / number of signs, between 0 and 1.
    """
    words = sum(1 for _ in _WORD.finditer(text))
    if language != LANGUAGE or words < MIN_WORDS:
        return None
    signs = tuple(
        SignSeen(sign.name, sign.pattern.search(text) is not None, sign.expected(words))
        for sign in SIGNS
    )
    surplus = sum(seen.present - seen.expected for seen in signs)
    return Constructiveness(min(1.0, max(0.0, EVEN + surplus / len(signs))), words, signs)
