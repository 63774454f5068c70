"""Disguises change the words they should, leave the rest alone, and repeat themselves."""

import unicodedata
from random import Random
from typing import Any

import pytest

from tests.evaluation.tiny_engine import WordScorer
from workers.evaluation.candidate import Candidate
from workers.evaluation.evasion import disguisable, evaluate_evasion
from workers.evaluation.perturbations import PERTURBATIONS, has_toxic_word, perturb
from workers.evaluation.thresholds import Threshold

pytestmark = pytest.mark.fast


def _seeded(seed: int) -> Any:
    return Random(seed)  # noqa: S311 - a draw to repeat


TEXT = "The minister is an idiot and the museum is lovely"


@pytest.mark.parametrize("kind", PERTURBATIONS)
def test_a_disguise_hides_the_toxic_word_and_nothing_else(kind: str) -> None:
    changed = perturb(TEXT, kind, _seeded(1))
    assert "idiot" not in changed.split()
    assert changed.startswith("The minister is an ")
    assert changed.endswith(" and the museum is lovely")


@pytest.mark.parametrize("kind", PERTURBATIONS)
def test_a_disguise_is_the_same_for_the_same_seed(kind: str) -> None:
    assert perturb(TEXT, kind, _seeded(5)) == perturb(TEXT, kind, _seeded(5))


@pytest.mark.parametrize("kind", PERTURBATIONS)
def test_a_text_without_toxic_words_stays_as_it_is(kind: str) -> None:
    assert perturb("A lovely museum in Assisi", kind, _seeded(1)) == "A lovely museum in Assisi"


def test_fullwidth_and_zero_width_can_be_undone_by_the_book() -> None:
    full = perturb("idiot", "fullwidth", _seeded(1))
    assert unicodedata.normalize("NFKC", full) == "idiot"
    hidden = perturb("idiot", "zero-width", _seeded(1))
    assert "".join(c for c in hidden if unicodedata.category(c) != "Cf") == "idiot"


def test_only_texts_with_a_word_to_hide_are_used_and_each_once() -> None:
    texts = ["you idiot", "you idiot", "hello", "what a moron"]
    assert disguisable(texts, seed=1) == ["you idiot", "what a moron"]
    assert len(disguisable([f"idiot {i}" for i in range(20)], seed=1, limit=5)) == 5
    assert not has_toxic_word("a classic assessment")


def test_kept_recall_is_the_ratio_of_after_to_before() -> None:
    scorer = Candidate("words", WordScorer())
    texts = ["you idiot", "an idiot again", "vile moron"]
    found = evaluate_evasion(scorer, texts, [Threshold("toxicity", ">", 0.5)], seed=1)
    by_kind = {result.perturbation: result for result in found}
    assert by_kind["spaced"].recall_before == pytest.approx(2 / 3)
    assert by_kind["spaced"].kept == 0.0
    assert by_kind["zero-width"].recognised == 1.0
    assert {result.rows for result in found} == {3}


def test_without_toxic_text_there_is_nothing_to_measure() -> None:
    scorer = Candidate("words", WordScorer())
    assert evaluate_evasion(scorer, ["hello"], [Threshold("toxicity", ">", 0.5)], seed=1) == []
