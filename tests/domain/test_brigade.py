"""When reports look organised, and the chance behind the burst."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.brigade import BurstFacts, poisson_tail, suspect_brigade

pytestmark = pytest.mark.fast

# About as many reports as usual, most by people who reported before.
CALM = BurstFacts(reports=5, usual=4.0, fresh=0.25)


@pytest.mark.parametrize(
    ("facts", "signs"),
    [
        (CALM, ()),
        (replace(CALM, reports=20), ("burst",)),  # 20 where 4 are usual
        (replace(CALM, reports=14), ("burst",)),  # 14 or more: 8 windows in 100,000
        (replace(CALM, reports=13), ()),  # 13 or more: 27 in 100,000
        (replace(CALM, fresh=0.7), ("fresh",)),
        (replace(CALM, fresh=0.69), ()),
        (replace(CALM, overlapping=0.6), ("overlap",)),
        (replace(CALM, overlapping=0.59), ()),
        (replace(CALM, same_network=0.5), ("network",)),
        (replace(CALM, same_network=0.49), ()),
        (replace(CALM, author_bursts=4), ("author",)),
        (replace(CALM, author_bursts=3), ()),
    ],
)
def test_each_sign_is_seen_from_its_limit_on(facts: BurstFacts, signs: tuple[str, ...]) -> None:
    assert suspect_brigade(facts).signs == signs


@pytest.mark.parametrize(
    ("facts", "suspected"),
    [
        (replace(CALM, reports=20, usual=0.1), False),  # a burst alone: a scandal may do that
        (replace(CALM, fresh=1.0), False),  # newcomers alone: a link from elsewhere
        (replace(CALM, reports=20, usual=0.1, fresh=0.9), True),  # both together
        (replace(CALM, overlapping=0.8, same_network=0.8), True),  # no burst is needed
        (replace(CALM, author_bursts=5, overlapping=0.8), True),
        (BurstFacts(reports=4, usual=0.0, fresh=1.0, same_network=1.0), False),  # too few
        (BurstFacts(reports=5, usual=0.0, fresh=1.0, same_network=1.0), True),
        (BurstFacts(reports=0, usual=0.0, fresh=0.0), False),
    ],
)
def test_two_signs_make_a_brigade(facts: BurstFacts, suspected: bool) -> None:
    assert suspect_brigade(facts).suspected is suspected


@given(st.integers(0, 4), st.floats(0, 100), st.floats(0, 1), st.floats(0, 1), st.integers(0, 9))
def test_a_few_reports_are_never_a_brigade(
    reports: int, usual: float, share: float, other: float, bursts: int
) -> None:
    facts = BurstFacts(reports, usual, share, other, share, bursts)
    assert suspect_brigade(facts).signs == ()


@given(st.floats(1e-6, 700))
def test_the_tail_is_exact_where_it_is_short(rate: float) -> None:
    assert poisson_tail(0, rate) == 1.0
    assert poisson_tail(1, rate) == pytest.approx(-math.expm1(-rate), rel=1e-9)


@pytest.mark.parametrize(
    ("count", "rate", "tail"),
    [
        (2, 0.001, 4.9966679e-07),  # 1 − e^−λ·(1 + λ), by its series λ²/2 − λ³/3 + λ⁴/8
        (3, 2.0, 1 - 5 * math.exp(-2)),
        (200, 0.01, math.exp(200 * math.log(0.01) - 0.01 - math.lgamma(201)) * (1 + 0.01 / 201)),
        (5, 0.0, 0.0),
        (-1, 3.0, 1.0),
    ],
)
def test_the_tail_keeps_its_digits_where_it_is_tiny(count: int, rate: float, tail: float) -> None:
    assert poisson_tail(count, rate) == pytest.approx(tail, rel=1e-6, abs=0)


@given(st.integers(1, 300), st.floats(0.01, 300))
def test_neighbouring_tails_differ_by_one_chance(count: int, rate: float) -> None:
    """P(N ≥ n) − P(N ≥ n + 1) = P(N = n), across the switch from one sum to the other."""
    chance = math.exp(count * math.log(rate) - rate - math.lgamma(count + 1))
    difference = poisson_tail(count, rate) - poisson_tail(count + 1, rate)
    assert difference == pytest.approx(chance, rel=1e-6, abs=1e-14)


def test_a_large_count_at_its_own_rate_is_a_coin_toss() -> None:
    assert poisson_tail(1_000_000, 1_000_000.0) == pytest.approx(0.5, abs=0.001)
    assert poisson_tail(1_010_000, 1_000_000.0) < 1e-20  # ten standard deviations above
    assert poisson_tail(990_000, 1_000_000.0) == pytest.approx(1.0)


@pytest.mark.parametrize("rate", [-1.0, math.inf, math.nan])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        poisson_tail(3, rate)
