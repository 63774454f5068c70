"""What a moderator makes of an item: by the label, with a stated rate of errors. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workers.bench.day_world import Planned, errs

DECIDABLE = frozenset({"published", "held", "hidden"})
REFUSED = frozenset({"rejected", "removed"})
DEFAULT_GUIDELINE = "civil"
# Guidelines a toxic comment can break; what reports and rules name is taken if it is one of these.
FITTING = ("threat", "hate", "civil")


class Manner(StrEnum):
    """What a moderator does instead of deciding, now and then."""

    DECIDE = "decide"
    SKIP = "skip"
    ESCALATE = "escalate"
    SECOND_OPINION = "second opinion"
    SLIP = "slip"


# Shares of all looks; the rest is decided.
MANNERS = (
    (Manner.SKIP, 0.03),
    (Manner.ESCALATE, 0.02),
    (Manner.SECOND_OPINION, 0.02),
    (Manner.SLIP, 0.03),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action and, for a restriction, the guideline."""

    action: str
    restricts: bool
    guideline: str | None = None

    def body(self) -> dict[str, str]:
        """The fields of a request."""
        return {"action": self.action} | ({"guideline": self.guideline} if self.guideline else {})


@dataclass(frozen=True, slots=True)
class Judge:
    """One person's eye: sees the label, but for `error_rate` (0–1) of the comments."""

    name: str
    seed: int
    error_rate: float

    def finds_toxic(self, planned: Planned) -> bool:
        """What this person holds of the comment; the same whenever asked."""
        return planned.toxic ^ errs(self.seed, self.name, planned.index, self.error_rate)

    def verdict(self, planned: Planned, view: dict[str, Any]) -> Verdict:
        """The action that carries out this person's judgement in the comment's state."""
        return _verdict(self.finds_toxic(planned), view)

    def opposite(self, planned: Planned, view: dict[str, Any]) -> Verdict:
        """The other key."""
        return _verdict(not self.finds_toxic(planned), view)

    def manner(self, planned: Planned, view: dict[str, Any]) -> Manner:
        """How this look ends; drawn anew when the item has changed."""
        roll = random.Random(  # noqa: S311 - repeatable
            f"{self.seed}:{self.name}:{planned.index}:{view['version']}"
        ).random()
        for manner, share in MANNERS:
            if roll < share:
                # Only what is still to be decided can slip or be handed on.
                return manner if view["status"] in DECIDABLE else Manner.DECIDE
            roll -= share
        return Manner.DECIDE


def answer_for(*, finds_toxic: bool, guideline: str, reason: str) -> dict[str, str]:
    """The decision on a notice of illegal content."""
    answer = {"ground": "guidelines", "reason": reason}
    if finds_toxic:
        return {**answer, "action": "remove", "guideline": guideline}
    return {**answer, "action": "no_action"}


def _verdict(toxic: bool, view: dict[str, Any]) -> Verdict:
    # A second look does not show the status, and decides nothing.
    status = view["status"]
    if status in DECIDABLE or view["blind"]:
        if toxic:
            return Verdict("reject", True, _guideline(view))
        return Verdict("approve", False)
    if status in REFUSED and not toxic:
        return Verdict("restore", False)
    return Verdict("acknowledge", toxic)


def _guideline(view: dict[str, Any]) -> str:
    named = [report["guideline"] for report in view["reports"]]
    named += [decision["guideline"] for decision in view["decisions"]]
    return next((one for one in FITTING if one in named), DEFAULT_GUIDELINE)
