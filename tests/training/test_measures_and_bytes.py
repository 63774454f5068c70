"""Figures and 8-bit blocks that the training scripts rely on."""

from __future__ import annotations

import numpy as np
import pytest

from workers.scorers.training.measures import expected_calibration_error, roc_auc
from workers.scorers.training.quantise import quantise_rows


def test_auc_counts_ties_half() -> None:
    wanted = np.array([True, False, True, False])
    assert roc_auc(wanted, np.array([0.9, 0.1, 0.5, 0.5])) == pytest.approx(0.875)


def test_auc_of_one_class_is_not_a_number() -> None:
    assert np.isnan(roc_auc(np.array([True, True]), np.array([0.1, 0.2])))


def test_calibration_error_is_zero_where_chances_come_true() -> None:
    wanted = np.array([True, False, False, False])
    chances = np.full(4, 0.25)
    assert expected_calibration_error(wanted, chances, np.ones(4)) == pytest.approx(0.0)
    assert expected_calibration_error(wanted, chances + 0.5, np.ones(4)) == pytest.approx(0.5)


def test_restored_bytes_are_within_half_a_step_of_the_weights() -> None:
    matrix = np.random.default_rng(1).normal(size=(7, 128)).astype(np.float32)
    blocks = quantise_rows(matrix, 32)
    steps = np.repeat(blocks.scales, 32, axis=1)
    assert (np.abs(blocks.restored() - matrix) <= steps / 2 + 1e-7).all()


def test_a_block_of_zeros_stays_zero() -> None:
    assert (quantise_rows(np.zeros((2, 32), dtype=np.float32), 32).restored() == 0).all()


def test_a_block_that_does_not_divide_the_row_is_refused() -> None:
    with pytest.raises(ValueError, match="not a multiple"):
        quantise_rows(np.zeros((2, 30), dtype=np.float32), 16)
