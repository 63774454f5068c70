"""The order of the queue, its parts, and how long a stored number stays true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.priority import DEFAULT_WEIGHTS, Priority, Weights, next_change, priority

pytestmark = pytest.mark.fast

NEW: dict[str, Any] = {
    "p_violation": 0.5,
    "severity_weight": 40,
    "visible": True,
    "age_minutes": 0.0,
    "sla_minutes": 240.0,
}
items = st.fixed_dictionaries(
    {
        "p_violation": st.floats(0, 1),
        "severity_weight": st.integers(0, 100),
        "visible": st.booleans(),
        "age_minutes": st.floats(0, 5_000),
        "sla_minutes": st.floats(1, 2_000),
        "views_15m": st.integers(0, 10_000),
        "rule_priority": st.integers(-100, 100),
        "floor": st.sampled_from([0, 60, 80, 100]),
        "breached": st.booleans(),
    }
)


def of(**changes: Any) -> Priority:
    return priority(**{**NEW, **changes})


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({}, 8.0),  # 0.5 · 40 · 0.4: nobody is reading
        ({"views_15m": 1000}, 20.0),  # all of the harm
        ({"views_15m": 50_000}, 20.0),  # and no more than that
        ({"p_violation": 1.0, "severity_weight": 100, "views_15m": 1000}, 100.0),
        ({"age_minutes": 120}, 8.0 + 6.25),  # half of the time used: a quarter of the urgency
        ({"age_minutes": 240}, 8.0 + 25.0),
        ({"age_minutes": 9999}, 8.0 + 25.0),  # urgency has a cap
        ({"age_minutes": -5}, 8.0),  # a clock that runs a little ahead
        ({"rule_priority": 30}, 38.0),
        ({"rule_priority": -30}, 0.0),  # never below nothing
        ({"rule_priority": 500}, 100.0),  # never above a hundred
        ({"visible": False}, 0.0),  # held and just come: it harms nobody yet
        ({"visible": False, "age_minutes": 240, "p_violation": 0.1}, 27.0 + 25.0),
        ({"visible": False, "age_minutes": 240, "p_violation": 1.0}, 25.0),  # rightly held
        ({"floor": DEFAULT_WEIGHTS.appeal}, 60.0),
        ({"floor": DEFAULT_WEIGHTS.legal}, 80.0),
        ({"floor": DEFAULT_WEIGHTS.life_at_risk}, 100.0),
        ({"breached": True}, 95.0),
        ({"breached": True, "floor": DEFAULT_WEIGHTS.appeal}, 95.0),
        ({"breached": True, "floor": DEFAULT_WEIGHTS.life_at_risk}, 100.0),
        ({"floor": 60, "rule_priority": 80}, 88.0),  # a floor lifts, it does not add
    ],
)
def test_the_total(changes: dict[str, Any], total: float) -> None:
    assert of(**changes).total == pytest.approx(total)


def test_a_comment_many_read_comes_before_the_same_one_nobody_reads() -> None:
    totals = [of(views_15m=views).total for views in (0, 1, 10, 100, 1000)]
    assert totals == sorted(set(totals))


def test_a_comment_held_although_probably_fine_comes_before_one_rightly_held() -> None:
    held: dict[str, Any] = {"visible": False, "age_minutes": 60}
    assert of(p_violation=0.1, **held).total > of(p_violation=0.9, **held).total


def test_the_components_are_named_for_the_api() -> None:
    assert of(age_minutes=120, rule_priority=5, floor=60).components() == {
        "total": 60.0,
        "harm": pytest.approx(8.0),
        "waiting": 0.0,
        "urgency": pytest.approx(6.25),
        "rule": 5,
        "floor": 60,
        "breached": False,
    }


def test_a_site_may_choose_its_own_weights() -> None:
    calm = Weights(urgency=0.0, breached=70)
    assert of(age_minutes=240, weights=calm).total == pytest.approx(8.0)
    assert of(breached=True, weights=calm).total == 70.0


@given(items)
def test_the_total_lies_between_its_floor_and_a_hundred(item: dict[str, Any]) -> None:
    found = priority(**item)
    assert max(0, found.floor) <= found.total <= 100
    assert found.floor >= item["floor"]


@given(items, st.floats(0, 1_000))
def test_time_never_lowers_a_priority(item: dict[str, Any], later: float) -> None:
    after = {**item, "age_minutes": item["age_minutes"] + later}
    assert priority(**after).total >= priority(**item).total - 1e-9


@given(items, st.floats(0, 1))
def test_a_stored_total_is_within_a_point_until_its_next_change(
    item: dict[str, Any], part: float
) -> None:
    age, sla = item["age_minutes"], item["sla_minutes"]
    change = next_change(age_minutes=age, sla_minutes=sla)
    later = part * (5_000 if change is None else change)
    after = priority(**{**item, "age_minutes": age + later})
    allowed = 0.0 if change is None else 1.0
    assert after.total - priority(**item).total <= allowed + 1e-6


@pytest.mark.parametrize(
    ("age", "sla", "minutes"),
    [
        (0, 240, 7.80),  # 30·d + 25·d² = 1 at d = 0.0325
        (0, 15, 0.487),  # threats: half a minute
        (239.5, 240, 0.5),  # never past the end of the time
        (240, 240, None),  # from then on time changes nothing
        (999, 240, None),
    ],
)
def test_when_a_stored_total_has_to_be_computed_again(
    age: float, sla: float, minutes: float | None
) -> None:
    assert next_change(age_minutes=age, sla_minutes=sla) == (
        None if minutes is None else pytest.approx(minutes, rel=0.01)
    )


def test_weights_without_time_need_no_second_look_before_the_breach() -> None:
    timeless = replace(DEFAULT_WEIGHTS, waiting=0.0, urgency=0.0)
    assert next_change(age_minutes=40, sla_minutes=240, weights=timeless) == 200


@pytest.mark.parametrize("changes", [{"sla_minutes": 0}, {"p_violation": 1.01}])
def test_what_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"SLA|p_violation"):
        of(**changes)
