"""The strikes ladder, standing, who may sanction whom, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.automation import AutomatedDecision
from service.domain.errors import Forbidden, Invalid
from service.domain.guideline import SanctionStep
from service.domain.identity import Role
from service.domain.sanction import (
    SanctionKind,
    Standing,
    check_end,
    check_role,
    ladder_automation,
    missing_warning,
    next_sanction,
    standing_from,
)

pytestmark = pytest.mark.fast

WARN = SanctionStep(at=1, action="warn")
PREMODERATE = SanctionStep(at=3, action="premoderate", days=14)
SUSPEND = SanctionStep(at=5, action="suspend", days=7, after_warning=True)
BAN = SanctionStep(at=8, action="ban", needs_human=True)
LADDER = (WARN, PREMODERATE, SUSPEND, BAN)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "warned", "live", "expected"),
    [
        # 1. Nothing new, nothing happens; a ban ends the climbing.
        (3, 3, True, (), None),
        (5, 2, True, (), None),
        (7, 12, True, ("ban",), None),
        # 2. The highest rung reached counts.
        (0, 1, False, (), WARN),
        (0, 4, False, (), PREMODERATE),
        (2, 8, True, (), BAN),
        # 3. No suspension without a warning before it.
        (4, 5, True, (), SUSPEND),
        (0, 5, False, (), PREMODERATE),
        (4, 5, False, ("premoderate",), None),
        # 4. What lives is not repeated, and nothing milder is added.
        (5, 6, True, ("suspend",), None),
        (4, 5, True, ("suspend",), None),
        # 5. Reached by this breach.
        (2, 3, True, (), PREMODERATE),
        (2, 3, True, ("suspend",), PREMODERATE),
        # 6. Repeated once it has ended, if it was one that ends.
        (5, 6, True, (), SUSPEND),
        (3, 4, True, (), PREMODERATE),
        (1, 2, True, (), None),
        (8, 9, True, (), SUSPEND),
    ],
)
def test_a_breach_leads_to_one_rung_or_none(
    before: int,
    after: int,
    warned: bool,
    live: tuple[str, ...],
    expected: SanctionStep | None,
) -> None:
    assert next_sanction(before, after, LADDER, warned=warned, live=live) == expected


def test_an_empty_ladder_leads_nowhere() -> None:
    assert next_sanction(0, 9, (), warned=True) is None


@pytest.mark.parametrize(
    ("taken", "warned", "expected"),
    [(PREMODERATE, False, WARN), (None, False, WARN), (WARN, False, None), (SUSPEND, True, None)],
)
def test_a_breach_that_leaps_over_the_warning_brings_it_along(
    taken: SanctionStep | None, warned: bool, expected: SanctionStep | None
) -> None:
    assert missing_warning(taken, 4, LADDER, warned=warned) == expected


@pytest.mark.parametrize(
    ("live", "standing"),
    [
        ((), Standing.ACTIVE),
        (("warn", "mute_reports"), Standing.ACTIVE),
        (("warn", "premoderate"), Standing.PREMODERATED),
        (("premoderate", "suspend"), Standing.SUSPENDED),
        (("suspend", "ban", "premoderate"), Standing.BANNED),
    ],
)
def test_the_gravest_sanction_gives_the_standing(live: tuple[str, ...], standing: Standing) -> None:
    assert standing_from(live) is standing


@pytest.mark.parametrize("detected", [True, False])
def test_the_ladder_decides_in_part_because_a_person_found_the_breach(detected: bool) -> None:
    part = ladder_automation(cause_detected=detected)
    assert (part.detection, part.decision) == (detected, AutomatedDecision.PARTIALLY)


@pytest.mark.parametrize(
    ("role", "kind", "days", "is_staff", "allowed"),
    [
        (Role.MODERATOR, SanctionKind.WARN, None, False, True),
        (Role.MODERATOR, SanctionKind.PREMODERATE, None, False, True),
        (Role.MODERATOR, SanctionKind.MUTE_REPORTS, 300, False, True),
        (Role.MODERATOR, SanctionKind.SUSPEND, 30, False, True),
        (Role.MODERATOR, SanctionKind.SUSPEND, 31, False, False),
        (Role.LEGAL, SanctionKind.SUSPEND, 31, False, False),
        (Role.LEAD, SanctionKind.SUSPEND, 365, False, True),
        (Role.MODERATOR, SanctionKind.BAN, None, False, False),
        (Role.LEAD, SanctionKind.BAN, None, False, True),
        (Role.ADMIN, SanctionKind.BAN, None, False, True),
        (Role.MODERATOR, SanctionKind.WARN, None, True, False),
        (Role.LEAD, SanctionKind.WARN, None, True, True),
    ],
)
def test_grave_sanctions_and_those_on_staff_need_a_lead(
    role: Role, kind: SanctionKind, days: int | None, is_staff: bool, allowed: bool
) -> None:
    if allowed:
        check_role(role, kind, days=days, is_staff=is_staff)
        return
    with pytest.raises(Forbidden):
        check_role(role, kind, days=days, is_staff=is_staff)


@pytest.mark.parametrize(
    ("kind", "days", "ends_at", "field"),
    [
        (SanctionKind.SUSPEND, 1, NOW + timedelta(days=1), "ends_at"),
        (SanctionKind.SUSPEND, None, None, "days"),
        (SanctionKind.MUTE_REPORTS, None, None, "days"),
        (SanctionKind.WARN, 3, None, "days"),
        (SanctionKind.BAN, None, NOW + timedelta(days=9), "ends_at"),
        (SanctionKind.SUSPEND, 0, None, "days"),
        (SanctionKind.SUSPEND, 3651, None, "days"),
        (SanctionKind.SUSPEND, None, NOW - timedelta(days=1), "ends_at"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused_by_its_field(
    kind: SanctionKind, days: int | None, ends_at: datetime | None, field: str
) -> None:
    with pytest.raises(Invalid) as error:
        check_end(kind, days=days, ends_at=ends_at, now=NOW)
    assert list(error.value.errors) == [field]


@pytest.mark.parametrize(
    ("kind", "days", "ends_at", "end"),
    [
        (SanctionKind.WARN, None, None, None),
        (SanctionKind.PREMODERATE, None, None, None),
        (SanctionKind.SUSPEND, 3650, None, NOW + timedelta(days=3650)),
        (SanctionKind.SUSPEND, None, NOW + timedelta(hours=1), NOW + timedelta(hours=1)),
    ],
)
def test_an_end_is_given_in_days_or_as_a_time(
    kind: SanctionKind, days: int | None, ends_at: datetime | None, end: datetime | None
) -> None:
    assert check_end(kind, days=days, ends_at=ends_at, now=NOW) == end
