"""Which part the machine had in a decision: derived from what happened, never typed in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DecisionSource(StrEnum):
    """What brought a comment or reader up for a decision."""

    RULE = "rule"
    REPORT = "report"
    NOTICE = "notice"
    APPEAL = "appeal"
    QA = "qa"
    LADDER = "ladder"  # strikes reached a rung of the sanctions ladder
    MODERATOR = "moderator"  # a person, of the newsroom's own accord


class AutomatedDecision(StrEnum):
    """In the words of the statement of reasons."""

    FULLY = "fully"
    PARTIALLY = "partially"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Automation:
    """Whether the machine found it, and whether the machine decided it."""

    detection: bool
    decision: AutomatedDecision


def automation(
    *, automated: bool, found_by_rule: bool, held_by_rule: bool, found_by_report: bool = False
) -> Automation:
    """The machine's part in a decision.

    1. A decision without a person is fully automated, and so is what led to it.
    2. A person who confirms what a rule held or hid before decides in part with the machine.
    3. Otherwise the decision is a person's; the detection is automated where a rule, not a
       report or notice, put the comment before that person.
    Where readers' reports led to it (`found_by_report`) nothing was detected by the machine, even
    if it then hid the comment.
    """
    if automated:
        return Automation(detection=not found_by_report, decision=AutomatedDecision.FULLY)
    if held_by_rule:
        return Automation(detection=not found_by_report, decision=AutomatedDecision.PARTIALLY)
    return Automation(detection=found_by_rule, decision=AutomatedDecision.NOT)
