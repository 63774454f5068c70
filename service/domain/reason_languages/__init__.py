"""The texts of statements of reasons, by language."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.reason_languages.de import GERMAN
from service.domain.reason_languages.en import ENGLISH
from service.domain.reason_languages.es import SPANISH
from service.domain.reason_languages.fr import FRENCH
from service.domain.reason_languages.ga import IRISH
from service.domain.reason_texts import ReasonTexts

FALLBACK = "en"
TEXTS: Mapping[str, ReasonTexts] = {
    FALLBACK: ENGLISH,
    "ga": IRISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
}


def language_for(*locales: str | None) -> str:
    """The language of the first locale that has texts (`fr-BE` → `fr`), else English."""
    for locale in locales:
        language = (locale or "").replace("_", "-").partition("-")[0].lower()
        if language in TEXTS:
            return language
    return FALLBACK
