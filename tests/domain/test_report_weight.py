"""What reports weigh, and that fresh accounts never hide a comment by themselves."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.reliability import Reliability, reliability
from service.domain.report_weight import (
    DEPENDENCE_DISCOUNT,
    Reporter,
    ReportWeight,
    may_hide,
    weigh,
)

pytestmark = pytest.mark.fast

BASE_RATE = 0.03
SITE_RATE = 0.6


def reporter(upheld: int = 0, dismissed: int = 0, *, suspected: bool = False) -> Reporter:
    decided = upheld + dismissed
    record = reliability(upheld=upheld, adjudicated=decided, count=decided, site_rate=SITE_RATE)
    return Reporter(record, suspected)


FRESH = reporter()
TWO_REPORTS = reporter(upheld=2)
RELIABLE = reporter(upheld=20, dismissed=2)
CARELESS = reporter(upheld=20, dismissed=40)
TROLL = reporter(upheld=0, dismissed=400)
COHORT = reporter(upheld=20, dismissed=2, suspected=True)

fresh_ones = st.lists(st.sampled_from([FRESH, TWO_REPORTS, COHORT]), max_size=60)
on_record = st.lists(
    st.builds(reporter, upheld=st.integers(0, 60), dismissed=st.integers(3, 60)), max_size=6
)
scores = st.one_of(st.none(), st.floats(0, 1))
rates = st.floats(0.001, 0.999)


def weight(
    *reporters: Reporter,
    p_model: float | None = BASE_RATE,
    base_rate: float = BASE_RATE,
    site_rate: float = SITE_RATE,
    brigade: bool = False,
) -> ReportWeight:
    return weigh(
        reporters,
        p_model=p_model,
        base_rate=base_rate,
        site_rate=site_rate,
        brigade_suspected=brigade,
    )


def hides(*reporters: Reporter, p_model: float | None = BASE_RATE, brigade: bool = False) -> bool:
    weighed = weight(*reporters, p_model=p_model, brigade=brigade)
    return may_hide(weighed, human_decision="none")


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def test_without_reports_the_probability_is_the_models() -> None:
    assert weight(p_model=0.4).p_violation == pytest.approx(0.4)


def test_without_a_score_it_starts_from_the_base_rate() -> None:
    unscored = weight(p_model=None)
    assert unscored.p_violation == pytest.approx(BASE_RATE)
    assert unscored.p_model is None
    assert dict(unscored.components) == {"base_rate": pytest.approx(logit(BASE_RATE))}


def test_a_record_counts_with_the_discounted_difference_to_the_base_rate() -> None:
    expected = DEPENDENCE_DISCOUNT * (logit(RELIABLE.reliability.mean) - logit(BASE_RATE))
    assert dict(weight(RELIABLE).components) == {
        "model": pytest.approx(logit(BASE_RATE)),
        "reporter": pytest.approx(expected),
    }


@pytest.mark.parametrize("count", [1, 2, 30, 1000])
def test_all_without_a_record_are_one_voice(count: int) -> None:
    expected = logit(0.2) + DEPENDENCE_DISCOUNT * (logit(SITE_RATE) - logit(BASE_RATE))
    many = weight(*[FRESH] * count, p_model=0.2)
    assert logit(many.p_violation) == pytest.approx(expected)
    assert many.distinct == count
    assert many.reliable == 0


def test_a_suspected_cohort_speaks_with_the_voice_of_the_fresh() -> None:
    assert weight(*[COHORT] * 9, FRESH).p_violation == weight(FRESH).p_violation
    assert weight(*[COHORT] * 9).reliable == 0


def test_reliable_counts_those_with_a_good_record_only() -> None:
    assert weight(RELIABLE, RELIABLE, CARELESS, TROLL, FRESH, COHORT).reliable == 2


@given(on_record, fresh_ones, scores, rates, rates)
def test_no_report_ever_protects_a_comment(
    known: list[Reporter], fresh: list[Reporter], p_model: float | None, base: float, site: float
) -> None:
    def p(*reporters: Reporter) -> float:
        return weight(*reporters, p_model=p_model, base_rate=base, site_rate=site).p_violation

    assert p(*known, *fresh, TROLL) >= p(*known, *fresh) >= p(*known) >= p()


@given(on_record, fresh_ones, scores)
def test_the_components_add_up_and_the_shown_parts_are_in_order(
    known: list[Reporter], fresh: list[Reporter], p_model: float | None
) -> None:
    weighed = weight(*known, *fresh, p_model=p_model)
    total = sum(value for _, value in weighed.components)
    assert weighed.p_violation == pytest.approx(1 / (1 + math.exp(-total)))
    assert weighed.p_without_strongest <= weighed.p_on_record <= weighed.p_violation


@pytest.mark.parametrize(
    ("reporters", "p_model", "hidden"),
    [
        ([], 1.0, False),  # nobody reported: not a matter for reports
        ([RELIABLE], 0.04, False),  # one person against the model
        ([RELIABLE], 0.49, False),  # P is above 0.95, but one person would decide alone
        ([RELIABLE], 0.5, True),  # one reliable reporter and the model
        ([RELIABLE, RELIABLE], 0.05, True),  # two reliable reporters
        ([RELIABLE, RELIABLE], 0.005, False),  # both, and P is too low all the same
        ([RELIABLE, CARELESS], 0.3, True),  # one reliable, borne out by another and the model
        ([RELIABLE, TROLL], 0.3, False),  # a troll bears nobody out
        ([CARELESS] * 5, 0.9, False),  # nobody reliable among many
        ([TROLL] * 40, 0.9, False),
        ([RELIABLE, RELIABLE], None, False),  # unscored: the base rate to start from, P 0.947
        ([RELIABLE, RELIABLE, RELIABLE], None, True),
        ([RELIABLE, FRESH], 0.49, False),  # a fresh voice tips nothing
    ],
)
def test_who_can_hide_what(reporters: list[Reporter], p_model: float | None, hidden: bool) -> None:
    assert hides(*reporters, p_model=p_model) is hidden


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_reports_never_undo_what_a_person_decided(decision: str) -> None:
    certain = weight(RELIABLE, RELIABLE, RELIABLE, p_model=0.99)
    assert may_hide(certain, human_decision="none")
    assert not may_hide(certain, human_decision=decision)


def test_nothing_is_hidden_while_the_reports_look_organised() -> None:
    assert hides(RELIABLE, RELIABLE, p_model=0.9)
    assert not hides(RELIABLE, RELIABLE, p_model=0.9, brigade=True)


@given(fresh_ones, scores, st.booleans())
def test_fresh_accounts_alone_hide_nothing_however_many_and_whatever_the_model_says(
    fresh: list[Reporter], p_model: float | None, brigade: bool
) -> None:
    assert not hides(*fresh, p_model=p_model, brigade=brigade)


@given(on_record, fresh_ones, scores)
def test_fresh_accounts_never_tip_the_balance_of_the_others(
    known: list[Reporter], fresh: list[Reporter], p_model: float | None
) -> None:
    assert hides(*known, *fresh, p_model=p_model) == hides(*known, p_model=p_model)


@given(on_record, st.floats(0, 0.5, exclude_max=True))
def test_nobody_alone_hides_what_would_otherwise_pass_for_probably_fine(
    known: list[Reporter], p_model: float
) -> None:
    weighed = weight(*known, p_model=p_model)
    if may_hide(weighed, human_decision="none"):
        assert weighed.reliable >= 2 or weighed.p_without_strongest >= 0.5
        assert len(known) >= 2


@given(on_record, scores, rates, rates)
def test_probabilities_stay_probabilities(
    known: list[Reporter], p_model: float | None, base: float, site: float
) -> None:
    weighed = weight(*known, FRESH, p_model=p_model, base_rate=base, site_rate=site)
    assert 0 <= weighed.p_violation <= 1


@pytest.mark.parametrize(
    ("p_model", "base", "site"),
    [(1.1, 0.03, 0.6), (math.nan, 0.03, 0.6), (0.5, 0.0, 0.6), (0.5, 0.03, 1.0)],
)
def test_what_is_no_probability_is_refused(p_model: float, base: float, site: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        weight(FRESH, p_model=p_model, base_rate=base, site_rate=site)


def test_a_record_of_too_few_reports_is_a_fresh_voice() -> None:
    perfect_but_short = Reporter(Reliability(mean=0.9, low=0.7, adjudicated=2, known=False))
    assert weight(perfect_but_short).components[1][0] == "fresh_reporters"
