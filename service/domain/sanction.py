"""Sanctions on readers: their kinds, the strikes ladder, and the standing they add up to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.automation import AutomatedDecision, Automation
from service.domain.errors import Forbidden, Invalid
from service.domain.guideline import SanctionStep
from service.domain.identity import Role

LONGEST_BY_MODERATOR_DAYS = 30
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=3650)
LEADING = frozenset({Role.LEAD, Role.ADMIN})


class SanctionKind(StrEnum):
    """What can be done to a reader."""

    WARN = "warn"
    PREMODERATE = "premoderate"
    SUSPEND = "suspend"
    BAN = "ban"
    MUTE_REPORTS = "mute_reports"


class Standing(StrEnum):
    """What a reader may do."""

    ACTIVE = "active"
    PREMODERATED = "premoderated"
    SUSPENDED = "suspended"
    BANNED = "banned"


# The gravest first. A warning and the muting of reports leave the standing as it is.
STANDING_OF = {
    SanctionKind.BAN: Standing.BANNED,
    SanctionKind.SUSPEND: Standing.SUSPENDED,
    SanctionKind.PREMODERATE: Standing.PREMODERATED,
}
EVENT_OF = {
    SanctionKind.WARN: "user.warned",
    SanctionKind.PREMODERATE: "user.premoderated",
    SanctionKind.SUSPEND: "user.suspended",
    SanctionKind.BAN: "user.banned",
    SanctionKind.MUTE_REPORTS: "reporter.muted",
}
WITHOUT_END = frozenset({SanctionKind.WARN, SanctionKind.BAN})
WITH_END = frozenset({SanctionKind.SUSPEND, SanctionKind.MUTE_REPORTS})


def next_sanction(
    strikes_before: int,
    strikes_after: int,
    steps: Sequence[SanctionStep],
    *,
    warned: bool,
    live: Collection[str] = (),
) -> SanctionStep | None:
    """The rung of the ladder that one more breach leads to, or None.

    `strikes_before` and `strikes_after` are live points; `warned`: a warning was served before
    this breach; `live`: the sanctions in force now. A rung with `needs_human` is given back like
    any other: the caller proposes it to a person instead of carrying it out.

    1. Without a further point nothing happens, and nothing is added to a ban.
    2. The highest rung at or below `strikes_after` is looked at first, then the ones below it.
    3. A rung that asks for a warning before it is passed over where none was served (the reader
       then gets what stands below it; see `missing_warning`).
    4. A rung whose sanction lives is not repeated, and nothing milder is added to it.
    5. A rung this breach reached is the answer.
    6. A rung reached before is repeated once its sanction has ended, if it was one that ends;
       one without end is not repeated.
    """
    if strikes_after <= strikes_before or SanctionKind.BAN in live:
        return None
    for step in sorted(steps, key=lambda rung: rung.at, reverse=True):
        if step.at > strikes_after or (step.after_warning and not warned):
            continue
        if step.action in live:
            return None
        if strikes_before < step.at or step.days is not None:
            return step
    return None


def missing_warning(
    taken: SanctionStep | None,
    strikes_after: int,
    steps: Sequence[SanctionStep],
    *,
    warned: bool,
) -> SanctionStep | None:
    """The ladder's warning where a breach leapt over it; None where none is missing.

    A reader whose first breach is grave goes to a higher rung at once. Without the warning no
    later breach could ever lead to a rung that asks for one, so it is served along with it.
    """
    if warned or (taken is not None and taken.action == "warn"):
        return None
    reached = (step for step in steps if step.at <= strikes_after)
    return next((step for step in reached if step.action == "warn"), None)


def standing_from(live: Iterable[str]) -> Standing:
    """The standing that the kinds of sanctions in force add up to: the gravest wins."""
    kinds = set(live)
    return next((STANDING_OF[kind] for kind in STANDING_OF if kind in kinds), Standing.ACTIVE)


def ladder_automation(*, cause_detected: bool) -> Automation:
    """The machine's part in a sanction of the ladder.

    Strikes come from decisions of people only, so a person found the breach and the ladder chose
    what follows: partially automated. `cause_detected`: a rule had put the comment before that
    person.
    """
    return Automation(detection=cause_detected, decision=AutomatedDecision.PARTIALLY)


def check_role(role: Role, kind: SanctionKind, *, days: int | None, is_staff: bool) -> None:
    """Raise Forbidden where this role may not sanction a reader so, or lift such a sanction.

    1. Every moderator may warn, premoderate, mute reports, and suspend for up to 30 days.
    2. A ban, and a longer suspension, needs a lead or an admin.
    3. So does everything against the publisher's own people (`is_staff`).
    """
    is_long = days is None or days > LONGEST_BY_MODERATOR_DAYS
    is_grave = kind is SanctionKind.BAN or (kind is SanctionKind.SUSPEND and is_long)
    if (is_grave or is_staff) and role not in LEADING:
        raise Forbidden("Only a lead or an admin may do this.", code="role_missing")


def check_end(
    kind: SanctionKind, *, days: int | None, ends_at: datetime | None, now: datetime
) -> datetime | None:
    """When a sanction ends, given in `days` (1 to 3,650) or as a time; None for no end.

    1. Not both. 2. A warning and a ban have no end. 3. A suspension and a muting must have one.
    4. An end is at least a minute and at most 3,650 days away.

    Raises Invalid naming the field.
    """
    if days is not None and ends_at is not None:
        raise Invalid({"ends_at": ["Give either `days` or `ends_at`."]})
    field = "days" if days is not None else "ends_at"
    end = now + timedelta(days=days) if days is not None else ends_at
    if kind in WITHOUT_END and end is not None:
        raise Invalid({field: [f"A {kind} has no end."]})
    if kind in WITH_END and end is None:
        raise Invalid({"days": [f"`{kind}` needs an end: `days` or `ends_at`."]})
    if end is not None and not now + SHORTEST <= end <= now + LONGEST:
        raise Invalid({field: [f"Must be in the future and at most {LONGEST.days} days away."]})
    return end
