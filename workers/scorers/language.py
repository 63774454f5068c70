"""Which language a comment is written in, said only where it is certain."""

from __future__ import annotations

import re
import unicodedata

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Below this many letters a comment ("lol", "Bravo!", a name) fits too many languages.
MIN_LETTERS = 20
# Of 6,900 news comments with so many letters (development data) this names English in 96 of 100,
# and calls two foreign, which are.
MIN_CONFIDENCE = 0.8
# Beginning of a text that is looked at: more of it costs time and hardly changes an answer.
MAX_CHARS = 300
# Names, links and handles say nothing of the language around them.
_NOT_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\S+@\S+\.\S+")


class LanguageDetector:
    """py3langid with a threshold. Takes about 75 MB and a second to load."""

    def __init__(self) -> None:
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def __call__(self, text: str) -> str | None:
        """ISO 639-1 code (639-3 where there is none), or None: too short, or not certain."""
        words = _NOT_LANGUAGE.sub(" ", text[: 2 * MAX_CHARS])[:MAX_CHARS]
        if sum(map(str.isalpha, words)) < MIN_LETTERS:
            return None
        found = self._identifier.classify(unicodedata.normalize("NFKC", words))
        language, confidence = str(found[0]), float(found[1])
        return language if confidence >= MIN_CONFIDENCE else None
