"""The statement of reasons a restriction owes its author (Digital Services Act, Article 17)."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.decision import Decision
from service.domain.guideline import Policy
from service.domain.rule import Action

LOCALE = "en"

MEASURES = {
    Action.reject: "Your comment was not published.",
    Action.hide: "Your comment was hidden until a person has looked at it.",
    Action.demote: "Your comment is public and ranked below others.",
}
REDRESS = (
    "You may ask for a person to look at this again, free of charge, within six months: "
    "answer this decision with an appeal."
)


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the author is told. `automated_decision` is "fully", "partially" or "not"."""

    measure: Action
    guideline: str
    clause: str
    ground: str
    facts: str
    automated_detection: bool
    automated_decision: str
    redress: str
    locale: str


def reasons_for(decision: Decision, policy: Policy) -> Reasons | None:
    """The statement for an automated decision, or None where nothing was restricted.

    1. Rejecting and hiding restrict; so does ranking lower, even though the comment is public.
    2. Holding is a check before publication, not yet a restriction.
    3. The guideline is that of the rule that decided, or of the rule that asked to rank lower.
    """
    measure = _measure(decision)
    if measure is None:
        return None
    guideline = decision.guideline or _guideline_of_demotion(decision)
    if guideline is None:
        return None
    clause = policy.for_locale(guideline, LOCALE)
    rules = ", ".join(outcome.rule for outcome in decision.matched()) or "none"
    return Reasons(
        measure=measure,
        guideline=guideline,
        clause=clause.clause,
        ground=f"It goes against clause {clause.clause} of the community guidelines: "
        f"{clause.title}. {clause.text}",
        facts=f"{MEASURES[measure]} The text was checked automatically when it was posted; "
        f"these rules applied: {rules}. No report or notice by another person played a part.",
        automated_detection=True,
        automated_decision="fully",
        redress=REDRESS,
        locale=clause.language,
    )


def _measure(decision: Decision) -> Action | None:
    if decision.action in (Action.reject, Action.hide):
        return decision.action
    return Action.demote if decision.demote else None


def _guideline_of_demotion(decision: Decision) -> str | None:
    return next((o.guideline for o in decision.matched() if o.guideline), None)
