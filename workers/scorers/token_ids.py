"""WordPiece ids of a list of texts, tokenised in one call outside Python's loops."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

# Characters beyond this cannot reach the tokens that are kept, whatever the words.
CHARACTERS_READ = 20_000


class TextTokens:
    """A tokenizer file with its own padding switched off and its own length limit replaced."""

    def __init__(self, path: Path, longest: int) -> None:
        """Read `path`; texts keep at most `longest` tokens, the two special ones included."""
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=longest)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text; never empty. A lone surrogate reads as a question mark."""
        if not texts:
            return []
        clean = [encodable(text[:CHARACTERS_READ]) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch(clean)]


def encodable(text: str) -> str:
    """The text with every lone surrogate replaced, so that it exists in UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
