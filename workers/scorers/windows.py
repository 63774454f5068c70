"""Long text as overlapping windows of tokens, so that nothing is ever cut off unread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

# A sentence on the edge of one window stands whole in the next.
OVERLAP_TOKENS = 64


@dataclass(frozen=True, slots=True)
class Windows:
    """Token ids of all windows of a list of texts; `owners[i]` is the text of window i."""

    token_ids: list[list[int]]
    owners: list[int]

    def counts(self, texts: int) -> list[int]:
        """How many windows each of the `texts` texts has."""
        return np.bincount(self.owners, minlength=texts).tolist() if self.owners else [0] * texts

    def largest(self, scores: NDArray[np.float32], texts: int) -> NDArray[np.float32]:
        """Per text and label the largest score of its windows: (texts, labels)."""
        result = np.zeros((texts, scores.shape[1]), dtype=np.float32)
        np.maximum.at(result, self.owners, scores)
        return result


def windowing_tokenizer(path: str, max_tokens: int) -> Tokenizer:
    """A tokenizer without padding whose overflow windows overlap by OVERLAP_TOKENS.

    `max_tokens` counts the special tokens, as the model's longest input does.
    """
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_padding()
    inner = max_tokens - tokenizer.num_special_tokens_to_add(is_pair=False)
    tokenizer.enable_truncation(max_length=max_tokens, stride=min(OVERLAP_TOKENS, inner // 4))
    return tokenizer


def windows_of(tokenizer: Tokenizer, texts: Sequence[str]) -> Windows:
    """All windows of all texts, in order, with special tokens in each window."""
    token_ids: list[list[int]] = []
    owners: list[int] = []
    for owner, first in enumerate(tokenizer.encode_batch(list(texts))):
        for encoding in (first, *first.overflowing):
            token_ids.append(encoding.ids)
            owners.append(owner)
    return Windows(token_ids, owners)
