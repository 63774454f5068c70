"""A reporter's record: its mean, its doubt, its fading, and the mathematics beneath."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.reliability import (
    HALF_LIFE_DAYS,
    Reliability,
    beta_quantile,
    decayed,
    incomplete_beta,
    is_reliable,
    reliability,
    site_rate,
)

pytestmark = pytest.mark.fast

BASE_RATE = 0.03
shapes = st.floats(0.05, 500)
shares = st.floats(0.001, 0.999)


def record(upheld: float, dismissed: float, *, rate: float = 0.6) -> Reliability:
    decided = upheld + dismissed
    return reliability(upheld=upheld, adjudicated=decided, count=int(decided), site_rate=rate)


@pytest.mark.parametrize(
    ("upheld", "dismissed", "mean"),
    [
        (0, 0, 0.6),  # nothing known: the site's own rate
        (3, 0, 5.4 / 7),  # three upheld move the prior of four reports
        (0, 3, 2.4 / 7),  # three dismissed, the other way
        (6, 4, 0.6),  # a record like the site's changes nothing
        (96, 0, 98.4 / 100),  # much evidence leaves little of the prior
    ],
)
def test_the_mean_starts_at_the_sites_rate_and_moves_with_evidence(
    upheld: float, dismissed: float, mean: float
) -> None:
    assert record(upheld, dismissed).mean == pytest.approx(mean)


@pytest.mark.parametrize(
    ("count", "adjudicated", "known"),
    [
        (0, 0.0, False),
        (2, 2.0, False),  # one too few
        (3, 3.0, True),
        (3, 0.51, True),  # old, and still something
        (3, 0.49, False),  # faded: a fresh voice again
    ],
)
def test_a_record_stands_for_itself_from_three_reports_until_it_has_faded(
    count: int, adjudicated: float, known: bool
) -> None:
    found = reliability(upheld=0, adjudicated=adjudicated, count=count, site_rate=0.5)
    assert found.known is known
    assert found.adjudicated == count


def test_a_report_weighs_half_after_ninety_days_and_never_more_than_today() -> None:
    assert decayed(HALF_LIFE_DAYS) == 0.5
    assert decayed(2 * HALF_LIFE_DAYS) == 0.25
    assert decayed(-1) == 1.0  # a clock that runs a little ahead


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.01, 0.99))
def test_the_low_bound_lies_below_the_mean_and_one_more_upheld_raises_both(
    upheld: int, dismissed: int, rate: float
) -> None:
    before, after = record(upheld, dismissed, rate=rate), record(upheld + 1, dismissed, rate=rate)
    assert 0 <= before.low < before.mean < 1
    assert after.mean > before.mean
    assert after.low >= before.low


def test_bad_luck_is_not_evidence() -> None:
    unlucky, careless = record(1, 2), record(100, 200)
    assert unlucky.low < careless.low < careless.mean < unlucky.mean


@pytest.mark.parametrize(
    ("upheld", "dismissed", "rate", "reliable"),
    [
        (2, 0, 0.6, False),  # not known yet
        (3, 0, 0.6, True),
        (2, 1, 0.6, True),
        (1, 2, 0.6, False),  # more often wrong than right
        (40, 60, 0.6, False),  # far above the base rate, and yet mostly wrong
        (60, 40, 0.2, True),  # a record outweighs a low rate
        (0, 3, 0.85, False),  # a generous site makes nobody reliable
        (4, 1, 0.02, False),  # where hardly any report is right, it takes more
        (9, 1, 0.02, True),
    ],
)
def test_reliable_is_who_is_known_and_more_often_right_than_wrong(
    upheld: int, dismissed: int, rate: float, reliable: bool
) -> None:
    assert is_reliable(record(upheld, dismissed, rate=rate), base_rate=BASE_RATE) is reliable


@given(st.floats(0.01, 2 / 3), st.floats(0, 500), st.integers(3, 500))
def test_nobody_whose_reports_were_all_dismissed_is_reliable(
    rate: float, adjudicated: float, count: int
) -> None:
    found = reliability(upheld=0, adjudicated=min(adjudicated, count), count=count, site_rate=rate)
    assert not is_reliable(found, base_rate=BASE_RATE)


def test_where_violations_are_common_reliable_means_better_than_that() -> None:
    assert is_reliable(record(3, 0), base_rate=0.03)
    assert not is_reliable(record(3, 0), base_rate=0.6)


def test_a_new_sites_rate_is_one_half_and_its_reports_soon_outweigh_that() -> None:
    assert site_rate(0, 0) == 0.5
    assert site_rate(3, 3) == pytest.approx(13 / 23)
    assert site_rate(600, 1000) == pytest.approx(0.6, abs=0.005)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_sites_rate_is_never_certain(upheld: float, dismissed: float) -> None:
    assert 0 < site_rate(upheld, upheld + dismissed) < 1


@pytest.mark.parametrize(
    ("upheld", "adjudicated", "count", "rate"),
    [
        (2, 1, 3, 0.5),  # more upheld than decided
        (1, 4, 3, 0.5),  # decay cannot add reports
        (-1, 1, 1, 0.5),
        (math.nan, 1, 1, 0.5),
        (0, 0, 0, 0),  # a rate that leaves no doubt
        (0, 0, 0, 1),
    ],
)
def test_sums_that_contradict_each_other_are_refused(
    upheld: float, adjudicated: float, count: int, rate: float
) -> None:
    with pytest.raises(ValueError, match=r"reports|site_rate"):
        reliability(upheld=upheld, adjudicated=adjudicated, count=count, site_rate=rate)


def test_sums_may_differ_by_rounding() -> None:
    third = reliability(upheld=0.1 + 0.2, adjudicated=0.3, count=3, site_rate=0.5)
    assert third.mean == pytest.approx(2.3 / 4.3)


@given(shares, st.floats(0.2, 500))
def test_the_quantile_is_exact_where_a_formula_gives_it(share: float, shape: float) -> None:
    """Beta(a, 1) has the distribution function x^a, Beta(1, b) 1 − (1 − x)^b."""
    assert beta_quantile(share, shape, 1) == pytest.approx(share ** (1 / shape), rel=1e-9)
    exact = -math.expm1(math.log1p(-share) / shape)
    assert beta_quantile(share, 1, shape) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(
    ("x", "a", "b", "value"),
    [
        (0.25, 2, 2, 0.15625),  # 3x² − 2x³
        (0.5, 2, 3, 0.6875),  # 6x² − 8x³ + 3x⁴
        (0.25, 0.5, 0.5, 1 / 3),  # the arcsine law: (2/π)·asin(√x)
        (0.0, 2, 3, 0.0),
        (1.0, 2, 3, 1.0),
    ],
)
def test_the_distribution_function_is_exact_where_a_formula_gives_it(
    x: float, a: float, b: float, value: float
) -> None:
    assert incomplete_beta(x, a, b) == pytest.approx(value, rel=1e-12)


@given(st.floats(0.001, 0.999), st.integers(1, 40), st.integers(1, 40))
def test_whole_shapes_agree_with_the_binomial_sum(x: float, a: int, b: int) -> None:
    """P(Beta(a, b) ≤ x) is the chance of at least a successes in a + b − 1 trials."""
    trials = a + b - 1
    tail = math.fsum(
        math.comb(trials, k) * x**k * (1 - x) ** (trials - k) for k in range(a, trials + 1)
    )
    assert incomplete_beta(x, a, b) == pytest.approx(tail, rel=1e-9, abs=1e-13)


@given(shares, shapes, shapes)
def test_quantile_and_distribution_undo_each_other(share: float, a: float, b: float) -> None:
    x = beta_quantile(share, a, b)
    if 1e-20 < x < 1 - 1e-12:  # nearer to the ends a double cannot hold the answer
        assert incomplete_beta(x, a, b) == pytest.approx(share, rel=1e-6)


@given(shares, st.floats(0.5, 200), st.floats(0.5, 200))
def test_the_quantile_is_symmetric(share: float, a: float, b: float) -> None:
    assert beta_quantile(share, a, b) == pytest.approx(1 - beta_quantile(1 - share, b, a), abs=1e-9)


@pytest.mark.parametrize(("share", "a", "b"), [(0, 1, 1), (1, 1, 1), (0.5, 0, 1), (0.5, 1, -1)])
def test_a_quantile_that_does_not_exist_is_refused(share: float, a: float, b: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        beta_quantile(share, a, b)
