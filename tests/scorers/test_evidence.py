"""The sentence and the words that made a comment score as toxic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scorers.word_model import WordModel
from tests.scorers.words import small_normaliser
from workers.scorers.evidence import MAX_PHRASES, MAX_SENTENCES, find_evidence

normalise = small_normaliser()


def evidence_of(text: str, model: WordModel | None = None) -> Mapping[str, Any]:
    used = model or WordModel()

    def scores(texts: Sequence[str]) -> NDArray[np.float32]:
        return used.score_texts(texts).values[:, 0]

    return find_evidence([normalise(text)], scores, normalise)[0]


def cut(text: str, span: Mapping[str, int]) -> str:
    """What a browser cuts out with the span: offsets count UTF-16 code units."""
    units = text.encode("utf-16-le")
    return units[span["start"] * 2 : span["end"] * 2].decode("utf-16-le")


def test_the_worst_sentence_is_named() -> None:
    text = "Thank you for this. You are an idiot! See you on Monday."
    assert cut(text, evidence_of(text)["sentence"]) == "You are an idiot!"


def test_the_words_that_matter_are_named() -> None:
    text = "Thank you for this. You are an idiot!"
    assert [cut(text, span) for span in evidence_of(text)["words"]] == ["idiot!"]


def test_a_comment_of_one_sentence_has_its_words_named_too() -> None:
    text = "You are an idiot"
    assert [cut(text, span) for span in evidence_of(text)["words"]] == ["idiot"]


def test_offsets_count_utf16_units_of_the_original() -> None:
    text = "😀😀 Thank you. 🙃 You idiot! Bye."
    assert cut(text, evidence_of(text)["sentence"]) == "🙃 You idiot!"


def test_a_disguised_word_is_found_where_it_stands_in_the_original() -> None:
    text = "Good morning. You 1d10t! Bye."
    found = evidence_of(text)
    assert cut(text, found["sentence"]) == "You 1d10t!"
    assert [(cut(text, r), r["as"]) for r in found["respelled"]] == [("1d10t!", "idiot!")]


def test_the_sentence_score_is_the_models_own() -> None:
    assert evidence_of("Fine. You are stupid. Bye.")["sentence"]["score"] == 0.7


def test_many_sentences_are_taken_together_within_the_budget() -> None:
    model = WordModel()
    text = "All is well. " * 500 + "You are an idiot."
    found = evidence_of(text, model)
    assert "idiot" in cut(text, found["sentence"])
    assert len(model.asked) <= MAX_SENTENCES + MAX_PHRASES + 1


def test_nothing_is_asked_of_the_model_for_no_comments() -> None:
    model = WordModel()
    assert find_evidence([], lambda texts: model.score_texts(texts).values[:, 0], normalise) == []
    assert model.asked == []
