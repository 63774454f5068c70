"""Sentence vectors of the texts that were read last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class RecentVectors:
    """A bounded memory, shared by the threads of a worker; the oldest text is forgotten first."""

    def __init__(self, most: int) -> None:
        """Keep the vectors of at most `most` texts."""
        self._most = most
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def keep(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Remember `vectors` (len(texts), width) of `texts`."""
        with self._lock:
            for text, vector in zip(texts, vectors, strict=True):
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def of(self, texts: Sequence[str]) -> dict[str, Vector]:
        """The vectors of those of `texts` that are remembered."""
        with self._lock:
            return {text: self._known[text] for text in texts if text in self._known}
