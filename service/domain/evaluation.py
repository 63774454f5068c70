"""The answers of many conditions for one comment, with as few evaluations as give the same answers.

1. A condition none of whose signals is there answers as it does for a comment without any.
2. Conditions joined with `or` (a screen) are all false where the join is. A join with one that is
   unknown by 1 cannot be false, so it is not asked.
3. What is left is evaluated one by one.
Which conditions fall under 1 depends only on which signals are there, so it is worked out once per
such set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.domain.rule import Rule, RuleLanguage, Screen
from service.domain.signals import Value

# Few sets of signals occur; more than this means that somebody plays.
PLANS_KEPT = 500


@dataclass(frozen=True, slots=True)
class _Plan:
    """For one set of signals: what is settled, what to join, and what to ask besides."""

    settled: tuple[bool | None, ...]
    screens: tuple[Screen, ...]
    alone: tuple[int, ...]


class Evaluation:
    """Evaluates a policy's rules. For all threads."""

    def __init__(
        self, rules: Sequence[Rule], screens: Sequence[Screen], language: RuleLanguage
    ) -> None:
        self._programs = [rule.program for rule in rules]
        self._screens = screens
        self._language = language
        self._plans: dict[frozenset[str], _Plan] = {}

    def answers(self, values: Mapping[str, Value]) -> list[bool | None]:
        """The answer of each rule for one comment's values (None: unknown)."""
        present = frozenset(values)
        plan = self._plans.get(present) or self._planned(present)
        bound = self._language.bind(values)
        answers = list(plan.settled)
        for screen in plan.screens:
            if screen.program.run(bound) is False:
                for place in screen.places:
                    answers[place] = False
                continue
            for place in screen.places:
                answers[place] = self._programs[place].run(bound)
        for place in plan.alone:
            answers[place] = self._programs[place].run(bound)
        return answers

    @cached_property
    def _blank(self) -> list[bool | None]:
        """The answers for a comment without any signal."""
        bound = self._language.bind({})
        return [program.run(bound) for program in self._programs]

    def _planned(self, present: frozenset[str]) -> _Plan:
        settled = {
            place: self._blank[place]
            for place, program in enumerate(self._programs)
            if present.isdisjoint(program.signals)
        }
        screens = []
        for screen in self._screens:
            if any(settled.get(place, False) is not False for place in screen.places):
                continue
            left = tuple(place for place in screen.places if place not in settled)
            if len(left) > 1:
                screens.append(Screen(screen.program, left))
        joined = {place for screen in screens for place in screen.places}
        places = range(len(self._programs))
        plan = _Plan(
            settled=tuple(settled.get(place) for place in places),
            screens=tuple(screens),
            alone=tuple(p for p in places if p not in settled and p not in joined),
        )
        if len(self._plans) >= PLANS_KEPT:
            self._plans.clear()
        self._plans[present] = plan
        return plan
