"""The mean of several runs' weights."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="requirements/detoxify.txt is not installed")

from workers.scorers.training.average import average  # noqa: E402


def test_a_weight_is_the_mean_of_all_runs() -> None:
    runs = [{"w": torch.tensor([value])} for value in (1.0, 2.0, 6.0)]
    assert average(runs)["w"].tolist() == [3.0]


def test_a_row_that_came_later_is_the_mean_of_the_runs_that_have_it() -> None:
    runs = [{"w": torch.tensor([1.0])}, {"w": torch.tensor([3.0, 5.0])}]
    assert average(runs)["w"].tolist() == [2.0, 5.0]


def test_whole_numbers_are_those_of_the_last_run() -> None:
    runs = [{"n": torch.tensor([1])}, {"n": torch.tensor([4])}]
    assert average(runs)["n"].tolist() == [4]


def test_no_run_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no run"):
        average([])
