"""The rules of appeals: six calendar months, something to appeal against, another judge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.domain.appeal import (
    Party,
    appeal_deadline,
    check_can_appeal,
    check_may_decide,
    clean_words,
)
from service.domain.errors import Conflict, Invalid

pytestmark = pytest.mark.fast

TOLD = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "party": Party.AUTHOR,
    "restricts": True,
    "report_upheld": False,
    "in_force": True,
    "reversed_at": None,
    "told_at": TOLD,
    "now": TOLD + timedelta(days=1),
}


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("2026-11-22", "2027-05-22"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-12-31", "2027-06-30"),
        ("2026-06-30", "2026-12-30"),
    ],
)
def test_six_calendar_months_end_on_the_same_day_or_the_months_last(told: str, until: str) -> None:
    moment = datetime.fromisoformat(f"{told}T09:30:00+00:00")
    assert appeal_deadline(moment).isoformat() == f"{until}T09:30:00+00:00"


@pytest.mark.parametrize("party", Party)
def test_a_good_appeal_passes(party: Party) -> None:
    check_can_appeal(**(GOOD | {"party": party, "now": appeal_deadline(TOLD)}))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reversed_at": TOLD}, "decision_reversed"),
        ({"restricts": False}, "nothing_to_appeal"),
        ({"party": Party.REPORTER, "report_upheld": True}, "nothing_to_appeal"),
        ({"party": Party.NOTIFIER, "report_upheld": True}, "nothing_to_appeal"),
        ({"in_force": False}, "decision_superseded"),
        ({"now": appeal_deadline(TOLD) + timedelta(seconds=1)}, "appeal_too_late"),
    ],
)
def test_what_cannot_be_appealed_says_why(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Conflict) as refused:
        check_can_appeal(**(GOOD | change))
    assert refused.value.code == code


def test_whoever_had_a_part_may_not_judge() -> None:
    person = uuid4()
    check_may_decide(person, took_part={uuid4()})
    with pytest.raises(Conflict) as refused:
        check_may_decide(person, took_part={uuid4(), person})
    assert refused.value.code == "own_decision"


@pytest.mark.parametrize("raw", ["", "too short", " " * 40, "x" * 5_001, "a\x00" * 9])
def test_words_are_ten_to_five_thousand_characters(raw: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_words(raw, field="reasons")
    assert set(refused.value.errors) == {"reasons"}
    assert clean_words("  ten or more  ", field="reasons") == "ten or more"
