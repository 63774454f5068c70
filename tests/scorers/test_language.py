"""Languages are said only where it is certain."""

from __future__ import annotations

import pytest

from workers.scorers.language import LanguageDetector


@pytest.fixture(scope="module")
def detect() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I read the whole report and I still do not see who pays for the bridge.", "en"),
        ("J'ai lu tout le rapport et je ne vois toujours pas qui paie le pont.", "fr"),
        ("Ich habe den ganzen Bericht gelesen und sehe nicht, wer die Brücke zahlt.", "de"),
        ("Léigh mé an tuarascáil ar fad agus ní fheicim cé atá ag íoc as an droichead.", "ga"),
        ("Przeczytałem cały raport i nadal nie widzę, kto zapłaci za ten most.", "pl"),
        ("Я прочитал весь отчёт и всё ещё не понимаю, кто платит за мост.", "ru"),
    ],
)
def test_a_plain_sentence_is_recognised(detect: LanguageDetector, text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "lol", "Bravo!", "ok", "👍👍👍", "1234567890" * 5, "Привет"])
def test_short_or_wordless_text_has_no_language(detect: LanguageDetector, text: str) -> None:
    assert detect(text) is None


def test_links_and_handles_do_not_count(detect: LanguageDetector) -> None:
    assert detect("@someone https://exemple.fr/je-ne-vois-toujours-pas-qui-paie-le-pont") is None


def test_fullwidth_english_is_english(detect: LanguageDetector) -> None:
    text = "I read the whole report and I still do not see who pays for it."
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert detect(wide) == "en"


def test_a_very_long_text_is_judged_by_its_beginning(detect: LanguageDetector) -> None:
    assert detect("We all know who pays for this in the end. " * 500) == "en"
