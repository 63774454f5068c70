"""The encoder that ships: one pass over a text gives toxicity heads and its sentence vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import EMBEDDING_SIZE
from workers.scorers.onnx_session import open_session, run_outputs
from workers.scorers.recent_vectors import RecentVectors
from workers.scorers.registry import sha256_of
from workers.scorers.token_ids import encodable
from workers.scorers.windows import windowing_tokenizer, windows_of

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
# Tokens in a window. One insult in a long text is lost among too many others in a longer one.
LONGEST_TOKENS = 128
# Vectors kept of texts just read: those of a batch, and of the comments that are often answered.
REMEMBERED = 512
PAD_ID = 0
# Vectors of two encoders are not comparable: the file itself says which one made them.
VERSION_DIGITS = 12
HEADS, MEANS = 0, 1  # the graph's outputs, in order
SHORTEST_LENGTH = 1e-12

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over texts gave, in order.

    heads: each head's highest output over a text's windows, (texts, heads).
    vectors: unit vectors, (texts, EMBEDDING_SIZE): the mean over all tokens of a text.
    windows: how many windows each text was read in.
    """

    heads: Array
    vectors: Array
    windows: Sequence[int]


class Encoder:
    """A text's numbers depend on that text alone, whatever stands beside it in the batch."""

    def __init__(
        self, folder: Path | str, threads: int = 1, *, remembered: int = REMEMBERED
    ) -> None:
        """Open the model in `folder` with `threads` threads; raises where a file is missing.

        `remembered` vectors are kept, so that a text read for toxicity is not read again to be
        embedded; 0 keeps none.
        """
        path = Path(folder)
        self.version = sha256_of(path / MODEL_FILE)[:VERSION_DIGITS]
        self._tokenizer = windowing_tokenizer(str(path / TOKENIZER_FILE), LONGEST_TOKENS)
        self._session = open_session(path / MODEL_FILE, threads)
        self._recent = RecentVectors(remembered)

    def read(self, texts: Sequence[str]) -> Reading:
        """Pass all windows of each text through the encoder; remembers the texts' vectors."""
        if not texts:
            nothing = np.zeros((0, 0), dtype=np.float32)
            return Reading(nothing, nothing, windows=[])
        windows = windows_of(self._tokenizer, [encodable(text) for text in texts])
        outputs = run_outputs(self._session, windows.token_ids, PAD_ID)
        firsts = np.searchsorted(windows.owners, np.arange(len(texts)))
        sizes = np.array([len(ids) for ids in windows.token_ids], dtype=np.float32)
        reading = Reading(
            np.maximum.reduceat(outputs[HEADS], firsts, axis=0),
            _unit(np.add.reduceat(outputs[MEANS] * sizes[:, None], firsts, axis=0)),
            windows.counts(len(texts)),
        )
        self._recent.keep(texts, reading.vectors)
        return reading

    def embed(self, texts: Sequence[str]) -> Array:
        """Unit vectors (len(texts), EMBEDDING_SIZE), in order."""
        if not texts:
            return np.zeros((0, EMBEDDING_SIZE), dtype=np.float32)
        found = self._recent.of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in found]
        found.update(zip(new, self.read(new).vectors, strict=True))
        return np.stack([found[text] for text in texts])


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Array = vectors / np.maximum(lengths, SHORTEST_LENGTH)
    return result
