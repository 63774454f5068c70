"""English words by frequency, to tell a hidden word from a code, and to cut words run together."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

from workers.scorers.loaded_words import LOADED_WORDS

# Short words of the tokenizer's list are mostly fragments and initials; these are words.
SHORT_WORDS = frozenset(
    "a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we".split()
)
ENDINGS = ("s", "es", "ed", "er", "ers", "ing", "y", "ly", "d", "ness", "in", "'s")
MAX_WORD = 24
MIN_WORD = 3
# Cost of a letter that belongs to no word: dearer than any word, so it is the last resort.
LOOSE_LETTER = 30.0
# A word people hide is likely where something is hidden, however rare it is in an encyclopaedia.
LOADED_COST = math.log(2_000)


class WordList:
    """Words with a cost each: the log of their rank by frequency, lower is commoner."""

    def __init__(self, ranks: Mapping[str, int]) -> None:
        """`ranks` maps lower-case words to their rank, 1 the commonest."""
        words = {word: math.log(rank + 1) for word, rank in ranks.items() if _is_word(word)}
        self._cost = words | {w: min(words.get(w, LOADED_COST), LOADED_COST) for w in LOADED_WORDS}

    @classmethod
    def from_tokenizer(cls, path: Path) -> WordList:
        """The whole words of a WordPiece `tokenizer.json`, whose list is ordered by frequency."""
        vocabulary = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
        words = [w for w in sorted(vocabulary, key=vocabulary.__getitem__) if w.isalpha()]
        return cls({word: rank for rank, word in enumerate(words, start=1) if word.isascii()})

    def cost(self, word: str) -> float | None:
        """Cost of a word or of its stem with an ordinary ending; None where it is neither."""
        if word in self._cost:
            return self._cost[word]
        return min((self._cost[s] for s in stems(word) if s in self._cost), default=None)

    def cut(self, letters: str) -> list[str]:
        """Cut letters written without spaces into the likeliest words (Viterbi over the costs)."""
        lower = letters.lower()
        best = [0.0]
        origin = [0]
        for end in range(1, len(lower) + 1):
            choices = [(best[end - 1] + LOOSE_LETTER, end - 1)]
            for start in range(max(0, end - MAX_WORD), end):
                cost = self._cost.get(lower[start:end])
                if cost is not None:
                    choices.append((best[start] + cost, start))
            value, start = min(choices)
            best.append(value)
            origin.append(start)
        words = []
        end = len(letters)
        while end:
            words.append(letters[origin[end] : end])
            end = origin[end]
        return words[::-1]


def stems(word: str) -> list[str]:
    """The word without each ordinary ending it has, where at least four letters are left."""
    return [word[: -len(e)] for e in ENDINGS if word.endswith(e) and len(word) - len(e) > MIN_WORD]


def _is_word(word: str) -> bool:
    return len(word) >= MIN_WORD or word in SHORT_WORDS
