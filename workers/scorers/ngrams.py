"""Hashed word and letter n-grams and the linear model on them, without a loop over n-grams."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
SHORTEST, LONGEST = 2, 5  # letters in an n-gram
CHARACTERS_READ = 10_000
SPACE = 32

_DROPPED = re.compile(r"[^\w\s]|_")
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SECOND_WORD = np.uint64(0xD6E8FEB86659FD93)
_WORD_SALT = np.uint64(0xA0761D6478BD642F)


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    values = np.full(count, base, dtype=np.uint64)
    values[0] = 1
    return np.multiply.accumulate(values)


_POWERS = _powers(_BASE, CHARACTERS_READ + 3)
_INVERSES = _powers(_INVERSE, CHARACTERS_READ + 3)


def buckets_of(text: str) -> NDArray[np.int64]:
    """The sorted, distinct bucket numbers (0 to BUCKETS - 1) of a text's n-grams.

    Case and punctuation are dropped. Letter n-grams have 2 to 5 letters and never reach across
    a word's end, which counts as a letter; word n-grams have 1 or 2 words. Empty for no letters.
    """
    words = _DROPPED.sub("", text[:CHARACTERS_READ].lower()).split()
    if not words:
        return np.zeros(0, dtype=np.int64)
    line = f" {' '.join(words)} "[: CHARACTERS_READ + 2]
    codes = np.frombuffer(line.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    spaces = codes == SPACE
    with np.errstate(over="ignore"):
        hashes = np.concatenate([*_letter_grams(codes, spaces), *_word_grams(codes, spaces)])
        return np.unique(_mixed(hashes) >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)


def _letter_grams(codes: NDArray[np.uint64], spaces: NDArray[np.bool_]) -> list[NDArray[np.uint64]]:
    before = np.concatenate([[0], np.cumsum(spaces)])
    found = []
    for length in range(SHORTEST, LONGEST + 1):
        windows = len(codes) - length + 1
        if windows <= 0:
            break
        total = np.full(windows, length, dtype=np.uint64)
        for offset in range(length):
            total += codes[offset : offset + windows] * _POWERS[offset + 1]
        inner = before[length - 1 : length - 1 + windows] - before[1 : 1 + windows]
        found.append(total[inner == 0])
    return found


def _word_grams(codes: NDArray[np.uint64], spaces: NDArray[np.bool_]) -> list[NDArray[np.uint64]]:
    edges = np.flatnonzero(spaces)
    starts, ends = edges[:-1] + 1, edges[1:]
    kept = ends > starts
    starts, ends = starts[kept], ends[kept]
    sums = np.concatenate([[np.uint64(0)], np.cumsum(codes * _POWERS[: len(codes)])])
    words = (sums[ends] - sums[starts]) * _INVERSES[starts] + _WORD_SALT
    return [words, words[:-1] * _SECOND_WORD + words[1:]]


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread every bit over the whole number (the finaliser of SplitMix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * _MIX_A
    hashes = (hashes ^ (hashes >> np.uint64(27))) * _MIX_B
    return hashes ^ (hashes >> np.uint64(31))


class LinearModel:
    """One weight per bucket and label; a text's n-grams count by rarity, scaled to length 1."""

    def __init__(self, path: Path) -> None:
        """Read the arrays `weights`, `scales`, `rarity` and `bias` of an .npz file."""
        with np.load(path, allow_pickle=False) as stored:
            self._weights = stored["weights"]
            self._scales = stored["scales"].astype(np.float32)
            self._rarity = stored["rarity"].astype(np.float32)
            self._bias = stored["bias"].astype(np.float32)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, labels); a text without letters gets the bias alone."""
        return np.stack([self._one(text) for text in texts]) if texts else self._none()

    def _one(self, text: str) -> NDArray[np.float32]:
        buckets = buckets_of(text)
        bias: NDArray[np.float32] = self._bias
        if not len(buckets):
            return bias
        rarity = self._rarity[buckets]
        length = np.sqrt(np.square(rarity).sum()) or np.float32(1.0)
        total = (rarity / length) @ self._weights[buckets].astype(np.float32)
        logits: NDArray[np.float32] = total * self._scales + bias
        return logits.astype(np.float32)

    def _none(self) -> NDArray[np.float32]:
        return np.zeros((0, len(self._bias)), dtype=np.float32)
