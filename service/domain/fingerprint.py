"""Fingerprints that find repeats: equal texts by one hash, nearly equal ones by shared bands.

Near repeats use MinHash (Broder 1997) over three-word shingles with locality-sensitive bands: two
texts with Jaccard similarity J share a band of ROWS minima with probability J^ROWS, and at least
one of BANDS with 1 - (1 - J^ROWS)^BANDS: 0.997 at J = 0.5, 0.05 at J = 0.05. Shared bands name
candidates; `is_near_repeat` settles the matter.
"""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

from service.domain.content import normal_words, plain

BANDS = 20
ROWS = 2
SHINGLE_WORDS = 3
NEAR_SIMILARITY = 0.5
# Shorter texts have too few shingles to compare; they repeat when their words are the same.
MIN_SHINGLED_WORDS = 15

_MINIMA = struct.Struct(f"<{BANDS * ROWS}I")
_SIGNED = struct.Struct("<q")
_BAND = struct.Struct("<QQ")
_RUN = re.compile(r"(.)\1+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What to store of a text to find its repeats. All numbers are signed 64-bit.

    `exact` is equal for texts that differ only in case, spacing, punctuation, width and repeated
    letters. `bands` overlap for near repeats; empty where the text has no words.
    """

    exact: int
    bands: tuple[int, ...]


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a comment's text. The same in every process and on every machine."""
    return Fingerprint(exact=_hash(b"exact", skeleton(text)), bands=_bands(normal_words(text)))


def skeleton(text: str) -> str:
    """Letters and digits only, case folded, runs of one letter as one; without any, the text."""
    folded = plain(text).casefold()
    letters = "".join(filter(str.isalnum, folded))
    return _RUN.sub(r"\1", letters) or folded.strip()


def similarity(first: str, second: str) -> float:
    """Jaccard similarity (0–1) of two texts' three-word shingles; of words where one is short."""
    left, right = normal_words(first), normal_words(second)
    if min(len(left), len(right)) < MIN_SHINGLED_WORDS:
        return _jaccard(set(left), set(right))
    return _jaccard(set(_shingles(left)), set(_shingles(right)))


def is_near_repeat(first: str, second: str) -> bool:
    """Whether two texts say nearly the same: J ≥ 0.5 for long ones, the same words for short."""
    short = min(len(normal_words(first)), len(normal_words(second))) < MIN_SHINGLED_WORDS
    return similarity(first, second) >= (1.0 if short else NEAR_SIMILARITY)


def _jaccard(left: set[str], right: set[str]) -> float:
    union = left | right
    return len(left & right) / len(union) if union else 0.0


def _shingles(words: list[str]) -> list[str]:
    return [" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)]


def _bands(words: list[str]) -> tuple[int, ...]:
    if not words:
        return ()
    if len(words) < MIN_SHINGLED_WORDS:
        return (_hash(b"words", " ".join(sorted(set(words)))),)
    # One extendable-output hash of a shingle gives all its permuted values at once.
    rows = [
        _MINIMA.unpack(hashlib.shake_128(_bytes(shingle)).digest(_MINIMA.size))
        for shingle in set(_shingles(words))
    ]
    minima = list(map(min, zip(*rows, strict=True)))
    return tuple(_band(index, minima[index * ROWS : index * ROWS + ROWS]) for index in range(BANDS))


def _band(index: int, minima: list[int]) -> int:
    first, second = minima
    packed = _BAND.pack(index, first << 32 | second)
    return _signed(hashlib.blake2b(packed, digest_size=_SIGNED.size).digest())


def _hash(kind: bytes, text: str) -> int:
    digest = hashlib.blake2b(_bytes(text), digest_size=_SIGNED.size, person=kind).digest()
    return _signed(digest)


def _bytes(text: str) -> bytes:
    # A lone surrogate is no valid text, but must not stop the comment beside it.
    return text.encode("utf-8", "surrogatepass")


def _signed(digest: bytes) -> int:
    return int(_SIGNED.unpack(digest)[0])
