"""Appeals: who may file one, until when, and who may decide it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from service.domain.comment import validate_body
from service.domain.errors import Conflict, Invalid
from service.domain.guideline import APPEALS_QUEUE, Policy

# Digital Services Act, Article 20(1): at least six months from the day the reader was told.
APPEAL_MONTHS = 6
MONTHS_OF_YEAR = 12
# Where the guideline file gives its queue of appeals no time.
DEFAULT_SLA = timedelta(hours=72)
BODY_MIN_CHARS, BODY_MAX_CHARS = 10, 5_000


class AppealState(StrEnum):
    """What became of an appeal. Upheld: the decision stands."""

    FILED = "filed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"


class Party(StrEnum):
    """On which side of the decision an appellant stands."""

    AUTHOR = "author"
    REPORTER = "reporter"
    NOTIFIER = "notifier"


class AppealOutcome(StrEnum):
    """What the person who looks at an appeal says of the decision."""

    UPHOLD = "uphold"
    OVERTURN = "overturn"


def appeal_deadline(told_at: datetime) -> datetime:
    """The last moment for an appeal: six calendar months after the reader could be told.

    The 31st of August gives the last day of February.
    """
    months = told_at.year * MONTHS_OF_YEAR + told_at.month - 1 + APPEAL_MONTHS
    year, month = months // MONTHS_OF_YEAR, months % MONTHS_OF_YEAR + 1
    return told_at.replace(year=year, month=month, day=min(told_at.day, monthrange(year, month)[1]))


def appeal_due(filed_at: datetime, policy: Policy) -> datetime:
    """When an appeal is to be decided: by the clock of the queue of appeals."""
    queue = policy.queues.get(APPEALS_QUEUE)
    return filed_at + (timedelta(minutes=queue.sla_minutes) if queue else DEFAULT_SLA)


def clean_words(raw: str, *, field: str) -> str:
    """What an appellant says, or is told, tidied as comments are: 10 to 5,000 characters.

    Raises Invalid naming `field`.
    """
    try:
        text = validate_body(raw, max_chars=BODY_MAX_CHARS)
    except Invalid as error:
        raise Invalid({field: error.errors["body"]}) from error
    if len(text) < BODY_MIN_CHARS:
        raise Invalid({field: [f"Must have at least {BODY_MIN_CHARS} characters."]})
    return text


def check_can_appeal(
    *,
    party: Party,
    restricts: bool,
    report_upheld: bool,
    in_force: bool,
    reversed_at: datetime | None,
    told_at: datetime,
    now: datetime,
) -> None:
    """Raise Conflict unless there is something to appeal against, and still time.

    1. A decision that was reversed stands no more.
    2. An author appeals against a restriction.
    3. A reporter or notifier appeals where the report was not upheld.
    4. The comment or reader is as the decision left it, or there is nothing to put right.
    5. No later than six months after the decision could be known.
    """
    if reversed_at is not None:
        raise Conflict("This decision was already reversed.", code="decision_reversed")
    if party is Party.AUTHOR and not restricts:
        raise Conflict("This decision restricted nothing.", code="nothing_to_appeal")
    if party is not Party.AUTHOR and report_upheld:
        raise Conflict("This decision did what you asked for.", code="nothing_to_appeal")
    if not in_force:
        raise Conflict("Things have changed since this decision.", code="decision_superseded")
    if now > appeal_deadline(told_at):
        day = appeal_deadline(told_at).date().isoformat()
        raise Conflict(f"An appeal was possible until {day}.", code="appeal_too_late")


def check_may_decide(moderator_id: UUID, *, took_part: Set[UUID]) -> None:
    """Raise Conflict where the moderator took the decision, or had a part in it."""
    if moderator_id in took_part:
        raise Conflict(
            "You took part in this decision; somebody else must look at the appeal.",
            code="own_decision",
        )
