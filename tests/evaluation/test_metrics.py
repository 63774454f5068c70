"""Ranking measures against brute force and cases worked out by hand."""

import numpy as np
import pytest

from workers.evaluation.calibration import calibration
from workers.evaluation.metrics import (
    at_threshold,
    average_precision,
    caught_at_false_alarms,
    roc_auc,
    roc_auc_difference,
    roc_auc_interval,
)

pytestmark = pytest.mark.fast


def _sample(seed: int, rows: int = 80) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    labels = random.random(rows) < 0.3
    scores = np.round(random.random(rows) * 0.7 + labels * 0.3, 1)  # rounded: many ties
    return labels, scores


@pytest.mark.parametrize("seed", range(5))
def test_auc_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    labels, scores = _sample(seed)
    pairs = [
        1.0 if good > bad else 0.5 if good == bad else 0.0
        for good in scores[labels]
        for bad in scores[~labels]
    ]
    assert roc_auc(labels, scores) == pytest.approx(np.mean(pairs))


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_is_the_sum_over_distinct_cuts(seed: int) -> None:
    labels, scores = _sample(seed)
    total, recall_before = 0.0, 0.0
    for cut in sorted(set(scores.tolist()), reverse=True):
        flagged = scores >= cut
        recall = labels[flagged].sum() / labels.sum()
        total += (recall - recall_before) * labels[flagged].mean()
        recall_before = recall
    assert average_precision(labels, scores) == pytest.approx(total)


def test_average_precision_of_a_case_worked_out_by_hand() -> None:
    labels = np.array([True, False, True, False])
    scores = np.array([0.9, 0.8, 0.7, 0.1])
    assert average_precision(labels, scores) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_auc_of_one_class_is_not_defined() -> None:
    scores = np.array([0.1, 0.2])
    assert roc_auc(np.array([True, True]), scores) is None
    assert roc_auc_interval(np.array([False, False]), scores, seed=1) is None


def test_interval_holds_the_value_and_narrows_with_more_rows() -> None:
    few, many = (roc_auc_interval(*_sample(3, rows), seed=1, rounds=300) for rows in (60, 6000))
    assert few is not None
    assert many is not None
    assert few.low < few.value < few.high
    assert many.high - many.low < (few.high - few.low) / 4


def test_interval_is_the_same_for_the_same_seed() -> None:
    labels, scores = _sample(4)
    assert roc_auc_interval(labels, scores, seed=7) == roc_auc_interval(labels, scores, seed=7)


def test_interval_of_a_known_case_agrees_with_hanley_and_mcneil() -> None:
    labels, scores = _sample(5, rows=2000)
    found = roc_auc_interval(labels, scores, seed=2)
    assert found is not None
    auc, pos, neg = found.value, labels.sum(), (~labels).sum()
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (pos - 1) * (q1 - auc**2) + (neg - 1) * (q2 - auc**2)
    half_width = 1.96 * np.sqrt(variance / (pos * neg))
    assert (found.high - found.low) / 2 == pytest.approx(half_width, rel=0.25)


def test_difference_of_a_scorer_with_itself_is_exactly_nothing() -> None:
    labels, scores = _sample(6)
    found = roc_auc_difference(labels, scores, scores, seed=1)
    assert found is not None
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_difference_is_second_minus_first() -> None:
    labels = np.array([True, True, False, False])
    bad, good = np.array([0.1, 0.2, 0.8, 0.9]), np.array([0.9, 0.8, 0.2, 0.1])
    found = roc_auc_difference(labels, bad, good, seed=1)
    assert found is not None
    assert found.value == 1.0


def test_threshold_measures_of_a_case_worked_out_by_hand() -> None:
    labels = np.array([True, True, True, False, False])
    scores = np.array([0.9, 0.8, 0.2, 0.8, 0.1])
    found = at_threshold(labels, scores, label="toxicity", comparison=">=", threshold=0.8)
    assert found.flagged == pytest.approx(3 / 5)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.specificity == pytest.approx(1 / 2)


def test_a_strict_threshold_leaves_the_number_itself_out() -> None:
    labels, scores = np.array([True, False]), np.array([0.8, 0.1])
    strict = at_threshold(labels, scores, label="toxicity", comparison=">", threshold=0.8)
    assert (strict.recall, strict.precision, strict.f1) == (0.0, None, None)


def test_caught_at_false_alarms_never_raises_more_alarms_than_allowed() -> None:
    labels = np.array([False] * 20 + [True] * 4)
    scores = np.array([*np.linspace(0, 0.95, 20), 0.99, 0.93, 0.5, 0.1])
    # One of twenty may be flagged: the cut lies above the second highest negative, 0.90.
    assert caught_at_false_alarms(labels, scores, 0.05) == pytest.approx(2 / 4)


def test_equal_scores_on_both_sides_are_not_caught() -> None:
    labels = np.array([False] * 10 + [True] * 10)
    assert caught_at_false_alarms(labels, np.zeros(20), 0.05) == 0.0


def test_calibration_of_a_case_worked_out_by_hand() -> None:
    labels = np.array([False] * 8 + [True] * 2 + [True] * 9 + [False])
    scores = np.array([0.1] * 10 + [0.8] * 10)
    found = calibration(labels, scores)
    assert found is not None
    assert [b.rows for b in found.bins] == [10, 10]
    assert found.ece == pytest.approx(0.5 * 0.1 + 0.5 * 0.1)
    assert found.brier == pytest.approx((8 * 0.1**2 + 2 * 0.9**2 + 9 * 0.2**2 + 0.8**2) / 20)


def test_perfectly_calibrated_scores_have_a_small_error() -> None:
    random = np.random.default_rng(1)
    scores = random.random(20_000)
    found = calibration(random.random(20_000) < scores, scores)
    assert found is not None
    assert len(found.bins) == 15
    assert found.ece < 0.02


def test_equal_scores_share_a_bin_whatever_the_order_of_the_rows() -> None:
    labels = np.array([True] * 50 + [False] * 50)
    found = calibration(labels, np.full(100, 0.5))
    assert found is not None
    assert [(b.rows, b.positive_share) for b in found.bins] == [(100, 0.5)]
