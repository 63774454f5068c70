"""What a candidate guideline file would have made of comments that are decided already.

1. Each comment was decided by a rule file (`before`) and is decided again by the candidate
   (`after`); a change is another action.
2. A change is put down to every rule that matches now and did not, or did and does not now.
3. A person's decision on the same revision is the measure, where there is one. Of the comments
   people decided, `KEPT_BACK` actions are right where the person refused the comment:
   precision = right / all kept back, recall = kept back / all refused.
People mostly see what a rule put before them, so recall speaks of what people saw, not of
everything that was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from service.domain.action import KEEPING, STRIKING, ModeratorAction
from service.domain.rule import Action

KEPT_BACK = frozenset({Action.hold, Action.hide, Action.reject})
# A person found the comment unfit to be public.
REFUSING = STRIKING | {ModeratorAction.HIDE}
# The actions that say what a person thinks of a comment as a whole.
DECISIVE = KEEPING | REFUSING


class Verdict(StrEnum):
    """What a person decided on the very revision."""

    KEPT = "kept"
    REFUSED = "refused"


def verdict_of(action: str | None) -> Verdict | None:
    """A person's action as a verdict; None for none, and for actions that are neither."""
    if action in REFUSING:
        return Verdict.REFUSED
    return Verdict.KEPT if action in KEEPING else None


@dataclass(frozen=True, slots=True)
class Replayed:
    """One comment, decided twice. The rules are enforced ones that matched."""

    comment_id: UUID
    before: Action
    after: Action
    rules_before: frozenset[str]
    rules_after: frozenset[str]
    person: Verdict | None = None

    @property
    def contradicts(self) -> bool:
        """Whether the candidate would do otherwise than a person did."""
        if self.person is None:
            return False
        return (self.after in KEPT_BACK) != (self.person is Verdict.REFUSED)


@dataclass(slots=True)
class RuleChange:
    """One rule: how often it matched, and how many changed actions it had a part in."""

    rule: str
    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0
    changed: int = 0


@dataclass(slots=True)
class AgainstPeople:
    """Keeping back, measured by what people decided on the same comments."""

    kept_back_refused: int = 0
    kept_back_kept: int = 0
    shown_refused: int = 0
    shown_kept: int = 0

    def add(self, action: Action, person: Verdict, count: int = 1) -> None:
        """Count comments a person decided."""
        refused = person is Verdict.REFUSED
        if action in KEPT_BACK:
            self.kept_back_refused += count * refused
            self.kept_back_kept += count * (not refused)
            return
        self.shown_refused += count * refused
        self.shown_kept += count * (not refused)

    @property
    def precision(self) -> float | None:
        """Share (0–1) of what was kept back that people refused; None where nothing was."""
        return _share(self.kept_back_refused, self.kept_back_refused + self.kept_back_kept)

    @property
    def recall(self) -> float | None:
        """Share (0–1) of what people refused that was kept back; None where they refused none."""
        return _share(self.kept_back_refused, self.kept_back_refused + self.shown_refused)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(slots=True)
class Backtest:
    """Gathers replayed comments, newest first, and keeps `examples` of those that change.

    Examples that go against a person's decision come first.
    """

    examples: int = 10
    comments: int = 0
    changed: int = 0
    confusion: Counter[tuple[Action, Action]] = field(default_factory=Counter)
    people_before: AgainstPeople = field(default_factory=AgainstPeople)
    people_after: AgainstPeople = field(default_factory=AgainstPeople)
    _rules: dict[str, RuleChange] = field(default_factory=dict)
    _against: list[Replayed] = field(default_factory=list)
    _others: list[Replayed] = field(default_factory=list)

    def add(self, item: Replayed) -> None:
        """Count one comment."""
        self.comments += 1
        self.confusion[item.before, item.after] += 1
        changed = item.before is not item.after
        self._count_rules(item, changed=changed)
        if item.person is not None:
            self.people_before.add(item.before, item.person)
            self.people_after.add(item.after, item.person)
        if changed:
            self.changed += 1
            kept = self._against if item.contradicts else self._others
            if len(kept) < self.examples:
                kept.append(item)

    def rules(self) -> list[RuleChange]:
        """Every rule that matched before or now, those with a part in most changes first."""
        return sorted(self._rules.values(), key=lambda r: (-r.changed, -r.gained - r.lost, r.rule))

    def shown_examples(self) -> list[Replayed]:
        """Comments that change, at most `examples`."""
        return [*self._against, *self._others][: self.examples]

    def changes(self) -> Mapping[tuple[Action, Action], int]:
        """The confusion without what stays the same, most frequent first."""
        return {pair: n for pair, n in self.confusion.most_common() if pair[0] is not pair[1]}

    def _count_rules(self, item: Replayed, *, changed: bool) -> None:
        if item.rules_before == item.rules_after:
            for rule in item.rules_after:
                found = self._rule(rule)
                found.before += 1
                found.after += 1
            return
        for rule in item.rules_before | item.rules_after:
            found = self._rule(rule)
            before, after = rule in item.rules_before, rule in item.rules_after
            found.before += before
            found.after += after
            found.gained += after and not before
            found.lost += before and not after
            found.changed += changed and before != after

    def _rule(self, rule: str) -> RuleChange:
        if rule not in self._rules:
            self._rules[rule] = RuleChange(rule)
        return self._rules[rule]
