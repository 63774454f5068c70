"""Text as it was meant, for scoring only: evasive spelling undone, accents and codes kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.scorers.characters import fold_letters, strip_invisible, strip_stacked
from workers.scorers.leet import leet_words, starred_words
from workers.scorers.long_words import repeated_letters, run_together
from workers.scorers.mapped_text import Change, MappedText, utf16_offset
from workers.scorers.readings import Finder, believed
from workers.scorers.spaced_letters import broken_words, spaced_letters
from workers.scorers.wordlist import WordList

# Part of every score's version: another normaliser gives other scores.
NORMALISER_VERSION = "n1"
# Text without any of these has nothing to undo: most comments, told in microseconds.
# Letters of European languages and ordinary typography are no reason to look closer.
_ODD = r"[^\x00-\u017f\u2010-\u2027\u2030-\u205e\u20ac\u2122\ufffd]|\xad"
_ODD_CHARACTER = re.compile(_ODD)
_WORTH_A_LOOK = re.compile(
    rf"{_ODD}"
    r"|[^\W\d_][0-9@$!|+][^\s]|[0-9@$!|+][^\W\d_]|[^\W\d_]{2}[0-9@$]|[@$!|+][0-9@$|+]|[0-9][@$!|+]"
    r"|(?<!\w)[^\s](?P<sep>[ .\-_*~/\\,+=])\S(?P=sep)"
    r"|[A-Za-z][._|~][A-Za-z]|([^\W\d_])\2\2|[A-Za-z][*#]|\w{60}"
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text and its normalised spelling.

    `changes` say which stretch of the original (code points, end exclusive) was read as what.
    `was_obfuscated` is true for what people do to get past a filter, not for emphasis
    ("soooo") or for a word they starred out themselves.
    """

    original: str
    text: str
    was_obfuscated: bool = False
    changes: tuple[Change, ...] = ()

    def utf16(self, position: int) -> int:
        """A code point position of the original as a count of UTF-16 code units."""
        return utf16_offset(self.original, position)


Normaliser = Callable[[str], Normalised]


class TextNormaliser:
    """Undoes evasive spelling. Deterministic, and blind to everything but the text."""

    def __init__(self, words: WordList | None = None) -> None:
        """`words` tells hidden words from codes; without it only the plain cases are undone."""
        self._words = words

    @classmethod
    def from_tokenizer(cls, path: Path) -> TextNormaliser:
        """With the word list of a WordPiece `tokenizer.json`."""
        return cls(WordList.from_tokenizer(path))

    def __call__(self, text: str) -> Normalised:
        """Normalise one text of any length."""
        if not _WORTH_A_LOOK.search(text):
            return Normalised(text, text)
        words = self._words
        run = _Run(MappedText.of(text))
        if _ODD_CHARACTER.search(text):
            run.characters(strip_invisible)
            run.characters(strip_stacked)
            run.characters(lambda t: fold_letters(t, words))
        run.spelling(lambda t: spaced_letters(t, words), evasive=True)
        run.spelling(lambda t: broken_words(t, words), evasive=True)
        run.spelling(lambda t: leet_words(t, words), evasive=True)
        run.spelling(starred_words, evasive=False)
        run.spelling(lambda t: repeated_letters(t, words), evasive=False)
        run.edit([e for r in run_together(run.mapped.text, words) for e in r.edits], evasive=False)
        return run.result(text)


class _Run:
    """One text on its way through the stages."""

    def __init__(self, mapped: MappedText) -> None:
        self.mapped = mapped
        self._evasive = False

    def characters(self, stage: Callable[[str], tuple[list[Change], bool]]) -> None:
        edits, evasive = stage(self.mapped.text)
        self.edit(edits, evasive=evasive)

    def spelling(self, stage: Finder, *, evasive: bool) -> None:
        text = self.mapped.text
        self.edit(believed(text, list(stage(text))), evasive=evasive)

    def edit(self, edits: Sequence[Change], *, evasive: bool) -> None:
        changed = [e for e in edits if self.mapped.text[e.start : e.end] != e.text]
        if changed:
            self.mapped = self.mapped.replace(changed)
            self._evasive = self._evasive or evasive

    def result(self, original: str) -> Normalised:
        text = self.mapped.text
        if text == original:
            return Normalised(original, original)
        return Normalised(original, text, self._evasive, tuple(self._changes(original)))

    def _changes(self, original: str) -> Iterable[Change]:
        """Per changed word: its stretch of the original and how it is read."""
        for match in re.finditer(r"\S+", self.mapped.text):
            start, end = self.mapped.span(*match.span())
            if original[start:end] != match.group():
                yield Change(start, end, match.group())
