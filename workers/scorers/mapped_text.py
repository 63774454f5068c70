"""A text that remembers where each of its characters came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BEYOND_BMP = 0xFFFF


@dataclass(frozen=True, slots=True)
class Change:
    """The original's stretch start–end (code points, end exclusive) is read as `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class MappedText:
    """`text`, with each character's stretch of the original in `starts` and `ends`."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, original: str) -> MappedText:
        """The original itself."""
        return cls(original, list(range(len(original))), list(range(1, len(original) + 1)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters start–end (end exclusive, at least one) lie in the original."""
        return self.starts[start], max(self.ends[start:end])

    def replace(self, edits: Iterable[Change]) -> MappedText:
        """A copy with each edit's stretch of *this* text replaced; edits in order, apart."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        for edit in edits:
            pieces += (self.text[position : edit.start], edit.text)
            starts += self.starts[position : edit.start]
            ends += self.ends[position : edit.start]
            if edit.end - edit.start == len(edit.text):
                starts += self.starts[edit.start : edit.end]
                ends += self.ends[edit.start : edit.end]
            elif edit.text:
                first, last = self.span(edit.start, edit.end)
                starts += [first] * len(edit.text)
                ends += [last] * len(edit.text)
            position = edit.end
        pieces.append(self.text[position:])
        starts += self.starts[position:]
        ends += self.ends[position:]
        return MappedText("".join(pieces), starts, ends)


def utf16_offset(text: str, position: int) -> int:
    """How many UTF-16 code units come before code point `position` of `text`."""
    before = text[:position]
    if before.isascii():
        return len(before)
    return len(before) + sum(ord(char) > BEYOND_BMP for char in before)
