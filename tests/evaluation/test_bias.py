"""Identity-term bias: the definitions of Borkan et al. on cases small enough to check by eye."""

import numpy as np
import pytest

from workers.evaluation.bias import bias, power_mean, terms_in

pytestmark = pytest.mark.fast


def _rows(kinds: dict[str, tuple[bool, float]]) -> tuple[list[str], np.ndarray, np.ndarray]:
    texts = [f"{text} {i}" for text in kinds for i in range(6)]
    labels = np.array([kinds[text][0] for text in kinds for _ in range(6)])
    scores = np.array([kinds[text][1] for text in kinds for _ in range(6)])
    return texts, labels, scores


def test_a_scorer_that_raises_every_mention_of_a_group_has_no_bpsn() -> None:
    texts, labels, scores = _rows(
        {
            "a nice gay person": (False, 0.8),
            "a vile gay person": (True, 0.9),
            "a nice person": (False, 0.1),
            "a vile person": (True, 0.7),
        }
    )
    found = bias(texts, labels, scores, threshold=0.5)
    assert found is not None
    (term,) = found.terms
    assert term.term == "gay"
    assert term.rows == 12
    assert (term.subgroup, term.bpsn, term.bnsp) == (1.0, 0.0, 1.0)
    assert term.false_alarm_gap == pytest.approx(1.0 - 0.5)
    assert found.bpsn == 0.0


def test_a_fair_scorer_has_every_measure_at_one() -> None:
    texts, labels, scores = _rows(
        {
            "a nice deaf person": (False, 0.1),
            "a vile deaf person": (True, 0.9),
            "a nice person": (False, 0.1),
            "a vile person": (True, 0.9),
        }
    )
    found = bias(texts, labels, scores)
    assert found is not None
    assert found.combined == pytest.approx(1.0)
    assert found.terms[0].false_alarm_gap is None


def test_the_longest_term_wins_and_only_whole_words_count() -> None:
    found = terms_in(["an African American voter", "blackmail is a crime", "an african song"])
    assert {term: mask.tolist() for term, mask in found.items()} == {
        "african american": [True, False, False],
        "african": [False, False, True],
    }


def test_texts_that_name_nobody_have_no_bias_figures() -> None:
    assert bias(["rain again"], np.array([False]), np.array([0.1])) is None


def test_too_few_rows_of_a_class_leave_the_measure_undefined() -> None:
    texts, labels = ["a gay person", "a vile man", "a nice man"], np.array([False, True, False])
    found = bias(texts, labels, np.array([0.1, 0.9, 0.1]))
    assert found is not None
    assert found.terms[0].bpsn is None
    assert found.combined is None


def test_the_power_mean_leans_to_the_worst_value() -> None:
    assert power_mean([0.9, 0.9]) == pytest.approx(0.9)
    mean = power_mean([0.5, 1.0, None])
    assert mean == pytest.approx(((0.5**-5 + 1) / 2) ** (-1 / 5))
    assert mean is not None
    assert mean < 0.75
    assert power_mean([0.0, 1.0]) == 0.0
    assert power_mean([None]) is None
