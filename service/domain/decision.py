"""What was decided on a comment and why: the decision and what each rule said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.rule import Action, Mode, Result


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule said. `values` holds each signal it looks at; None where it was missing."""

    rule: str
    result: Result
    mode: Mode  # enforce or shadow; a rule that is off gives no outcome
    action: Action
    guideline: str | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a comment and why.

    `priority` (0–100) is added by the queue; `unknown_signals` were missing and left an enforced
    rule unknown; `demote` is true where the comment is public and ranked lower; `shadow_action` is
    what the action would have been with the shadow rules enforced, None where it is the same.
    """

    action: Action
    guideline: str | None
    queue: str | None
    priority: int
    outcomes: tuple[RuleOutcome, ...]
    policy_version: str
    unknown_signals: tuple[str, ...]
    flags: tuple[str, ...]
    demote: bool
    shadow_action: Action | None

    def matched(self) -> tuple[RuleOutcome, ...]:
        """The enforced rules that matched, for storing and explaining."""
        return tuple(o for o in self.outcomes if o.mode is Mode.enforce and o.result == "match")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The bare result of a decision, for replaying many: `rules` are enforced ones that matched."""

    action: Action
    guideline: str | None
    queue: str | None
    demote: bool
    rules: tuple[str, ...]
