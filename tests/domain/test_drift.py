"""When a thread counts as having left its article, and when as back."""

import pytest

from service.domain.drift import ThreadDrift, ThreadState, estimate_drift

RELATED, UNRELATED = 0.9, 0.06


def test_a_thread_without_comments_has_not_left() -> None:
    drift = estimate_drift([])
    assert drift == ThreadDrift()
    assert drift.value == 0.0


def test_a_thread_about_its_article_stays_on() -> None:
    drift = estimate_drift([RELATED] * 30)
    assert drift.state is ThreadState.ON
    assert drift.value < 0.05


def test_one_intruder_does_not_move_a_thread_away() -> None:
    drift = estimate_drift([RELATED] * 5 + [UNRELATED])
    assert drift.state is ThreadState.ON
    assert drift.value < 0.5


def test_scattered_intruders_do_not_move_a_thread_away() -> None:
    thread = ([RELATED] * 4 + [UNRELATED]) * 6
    assert estimate_drift(thread).left_at is None


def test_a_run_of_unrelated_comments_is_noticed_within_five_and_dated_to_its_start() -> None:
    drift = estimate_drift([RELATED] * 8 + [UNRELATED] * 5)
    assert drift.state is ThreadState.LEFT
    assert drift.left_at == 8
    assert drift.value > 0.8


def test_a_thread_that_comes_back_counts_as_returned() -> None:
    drift = estimate_drift([RELATED] * 8 + [UNRELATED] * 6 + [RELATED] * 6)
    assert drift.state is ThreadState.RETURNED
    assert drift.left_at == 8
    assert drift.returned_at is not None
    assert 14 <= drift.returned_at <= 19
    assert drift.value < 0.3


def test_a_thread_can_leave_again_after_its_return() -> None:
    away = [UNRELATED] * 6
    back = [RELATED] * 8
    drift = estimate_drift(back + away + back + away)
    assert drift.state is ThreadState.LEFT
    assert drift.left_at == 22
    assert drift.returned_at is None


def test_comments_of_unknown_relevance_count_and_say_nothing() -> None:
    known = estimate_drift([RELATED] * 4)
    silent = estimate_drift([RELATED] * 4 + [None] * 10)
    assert silent.value == known.value
    assert silent.comments == 14


def test_one_related_comment_in_a_run_does_not_bring_the_thread_back() -> None:
    drift = estimate_drift([RELATED] * 5 + [UNRELATED] * 5 + [RELATED])
    assert drift.state is ThreadState.LEFT


def test_the_running_estimate_equals_the_one_over_the_whole_thread() -> None:
    thread = [RELATED, None, UNRELATED, 0.5, UNRELATED, UNRELATED, UNRELATED, RELATED]
    drift = ThreadDrift()
    for relevance in thread:
        drift = drift.after(relevance)
    assert drift == estimate_drift(thread)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_a_relevance_outside_its_range_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ThreadDrift().after(wrong)


def test_a_thread_that_always_keeps_a_little_off_its_article_has_not_left() -> None:
    habit = [0.55, 0.45, 0.6, 0.4, 0.5, 0.45, 0.35, 0.5, 0.4, 0.45] * 2
    assert estimate_drift(habit).left_at is None


def test_certain_values_move_the_estimate_without_breaking_it() -> None:
    drift = estimate_drift([1.0] * 3 + [0.0] * 5)
    assert drift.state is ThreadState.LEFT
    assert 0.0 <= drift.value <= 1.0
