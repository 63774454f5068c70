"""The sentence encoder behind relevance: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import EMBEDDING_SIZE
from workers.scorers.onnx_session import open_session, run_token_ids
from workers.scorers.token_ids import TextTokens

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
# The encoder was trained on up to 256 tokens; its tokenizer file says 128, which loses the
# second half of a long comment (cosine to the reference down to 0.63).
LONGEST_TOKENS = 256
PAD_ID = 0


class Encoder:
    """all-MiniLM-L6-v2 as it ships in workers/models/minilm."""

    def __init__(self, folder: Path | str, threads: int = 1) -> None:
        """Open the model in `folder` with `threads` threads; raises where a file is missing."""
        self._tokens = TextTokens(Path(folder) / TOKENIZER_FILE, LONGEST_TOKENS)
        self._session = open_session(Path(folder) / MODEL_FILE, threads)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (len(texts), 384), in order; what follows 256 tokens is not read.

        A vector depends on its own text alone, whatever stands beside it in the batch.
        """
        if not texts:
            return np.zeros((0, EMBEDDING_SIZE), dtype=np.float32)
        return run_token_ids(self._session, self._tokens.ids(texts), PAD_ID)
