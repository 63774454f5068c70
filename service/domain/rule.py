"""One rule of the guidelines: a condition, what follows from it, and the language it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol

from service.domain.signals import Value

Result = Literal["match", "no_match", "unknown"]


class Action(StrEnum):
    """What happens to a comment, from least to most restrictive."""

    publish = "publish"
    demote = "demote"  # public, ranked lower, openly and with a statement of reasons
    queue = "queue"  # public, and a person looks at it
    nudge = "nudge"  # not yet public: the reader is asked once to think again
    hold = "hold"  # not public until a person decides
    hide = "hide"  # was public, hidden until a person decides
    reject = "reject"  # never public

    @property
    def rank(self) -> int:
        """Position in the order above; a higher rank restricts more."""
        return _RANKS[self]


_RANKS = {action: rank for rank, action in enumerate(Action)}


class Mode(StrEnum):
    """Whether a rule acts, is only counted, or is not looked at."""

    enforce = "enforce"
    shadow = "shadow"
    off = "off"


class OnMissing(StrEnum):
    """What an enforced rule leads to when a signal it needs is missing."""

    hold = "hold"
    queue = "queue"
    publish = "publish"  # for the whole file
    ignore = "ignore"  # for one rule


class Program(Protocol):
    """One compiled condition."""

    @property
    def signals(self) -> Sequence[str]:
        """Names of the signals it looks at, in order of appearance."""
        ...

    def run(self, bound: Any) -> bool | None:
        """True, False, or None where a missing signal leaves the answer open."""
        ...


class RuleLanguage(Protocol):
    """Binds the values of one comment once, for all programs."""

    def bind(self, values: Mapping[str, Value]) -> Any:
        """What `Program.run` takes. `values` are keyed by full signal name."""
        ...


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One inline example: these signals must give this result."""

    given: Mapping[str, Mapping[str, Any]]
    expect: Result
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition and what follows from it. `when` is the source, `program` its compiled form."""

    id: str
    when: str
    program: Program
    action: Action
    guideline: str | None = None
    queue: str | None = None
    reason: str = ""
    priority: int = 0
    demote: bool = False
    terminal: bool = False
    flags: tuple[str, ...] = ()
    mode: Mode = Mode.enforce
    on_missing: OnMissing | None = None
    tests: tuple[RuleTest, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Screen:
    """Some conditions joined with `or`: False rules all of them out in one evaluation.

    `places` are positions among the rules that are evaluated (`Policy.active`).
    """

    program: Program
    places: tuple[int, ...]
