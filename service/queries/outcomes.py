"""What became of a comment, with the reasons, as its author is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.guideline import LocalGuideline, Policy
from service.domain.outcome import ASKED, PENDING, explain, guideline_of
from service.domain.rule import Action
from service.models import Comment, StatementOfReasons
from service.queries.comments import latest_decision, statement_for


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of a comment and why. `rules` are the ids of the rules that matched."""

    action: str
    explanation: str
    guideline: LocalGuideline | None
    rules: tuple[str, ...]
    policy_version: str | None
    decided_at: datetime | None
    statement_of_reasons: StatementOfReasons | None


def just_posted() -> Outcome:
    """The outcome of a comment nothing has looked at yet."""
    return Outcome("none", PENDING, None, (), None, None, None)


def outcome_of(
    session: Session,
    comment: Comment,
    *,
    in_force: Policy,
    stored: Callable[[str], Policy | None],
    locale: str | None,
) -> Outcome:
    """The outcome of the comment's present revision, in the words it was decided by.

    Guidelines that change later change nothing here: the decision's own version is asked
    (`stored`), and the one `in_force` only where that cannot be had. A guideline it does not know
    is not named; the statement of reasons still has its words.
    """
    if comment.nudge_until is not None:
        return _asked(comment, in_force, locale)
    decision = latest_decision(session, comment)
    policy = (stored(decision.policy_version) if decision else None) or in_force
    matched = decision.matched() if decision is not None else []
    name = guideline_of(
        decision.guideline if decision else None, [rule.get("guideline") for rule in matched]
    )
    guideline = policy.for_locale(name, locale) if name in policy.guidelines and name else None
    return Outcome(
        action=decision.action if decision else "none",
        explanation=explain(
            CommentStatus(comment.status),
            guideline=guideline,
            demoted=comment.demoted,
            queued=bool(decision and decision.queue),
            unscored=decision is None,
        ),
        guideline=guideline,
        rules=tuple(rule["rule"] for rule in matched),
        policy_version=decision.policy_version if decision else None,
        decided_at=decision.created_at if decision else None,
        statement_of_reasons=statement_for(session, comment) if decision else None,
    )


def _asked(comment: Comment, policy: Policy, locale: str | None) -> Outcome:
    name = comment.nudge_guideline
    clause = policy.for_locale(name, locale) if name and name in policy.guidelines else None
    return Outcome(Action.nudge.value, ASKED, clause, (), None, None, None)
