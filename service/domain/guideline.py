"""Community guidelines as data: clauses, severities, the sanctions ladder, queues, lists and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Protocol

from service.domain.signals import Value

UNSCORED_QUEUE = "unscored"
PREMODERATION_QUEUE = "premoderation"
REQUIRED_QUEUES = (
    "toxic",
    "off_topic",
    "spam",
    "reported",
    "legal",
    PREMODERATION_QUEUE,
    UNSCORED_QUEUE,
    "urgent",
)

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
    """One compiled condition. `signals` are the names it looks at, in order of appearance."""

    signals: Sequence[str]

    def run(self, bound: Any) -> bool | None:
        """True, False, or None where a missing signal leaves the answer open."""
        ...


class RuleLanguage(Protocol):
    """Binds the values of one comment once, for all programs."""

    def bind(self, values: Mapping[str, Value]) -> Any:
        """What `Program.run` takes. `values` are keyed by full signal name."""
        ...


@dataclass(frozen=True, slots=True)
class DsaTerms:
    """How a guideline is named in a statement of reasons under the EU's Digital Services Act."""

    ground: str
    category: str
    keywords: tuple[str, ...] = ()
    legal_ground: str | None = None


@dataclass(frozen=True, slots=True)
class Guideline:
    """One clause of the community guidelines. Texts are keyed by language (`en`, `ga`)."""

    id: str
    clause: str
    severity: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    report_label: Mapping[str, str]
    dsa: DsaTerms
    queue: str = "reported"  # where reports under this clause wait
    reportable: bool = True  # offered in the readers' report dialog


@dataclass(frozen=True, slots=True)
class LocalGuideline:
    """A guideline in one language, as readers see it."""

    id: str
    clause: str
    title: str
    text: str
    report_label: str
    language: str


@dataclass(frozen=True, slots=True)
class Severity:
    """How grave a breach is. `weight` (0–100) orders breaches; strikes end after `expires_days`."""

    id: str
    weight: int
    strikes: int
    expires_days: int | None = None
    needs_human: bool = False


@dataclass(frozen=True, slots=True)
class SanctionStep:
    """One rung of the ladder: at so many live strikes, this happens for `days` (None: no end)."""

    at: int
    action: Literal["warn", "premoderate", "suspend", "ban"]
    days: int | None = None
    needs_human: bool = False
    after_warning: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """One of the moderators' queues. `sla_minutes`: when somebody should have looked.

    `must_see`: an item asked for here is opened whatever else was decided (threats, legal
    notices). `precaution`: a comment may wait here without having broken a guideline.
    """

    id: str
    title: str
    sla_minutes: int
    must_see: bool = False
    precaution: bool = False


@dataclass(frozen=True, slots=True)
class TermList:
    """A list the content is matched against: words and phrases, host names, or contact details."""

    name: str
    type: Literal["words", "hosts", "contact_details"]
    entries: frozenset[str] = frozenset()


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

    `places` are positions in `Policy.active`.
    """

    program: Program
    places: tuple[int, ...]


@dataclass(frozen=True)
class Policy:
    """One loaded guideline file. `digest` is the SHA-256 it is known by, `version` its start."""

    site: str
    digest: str
    default_locale: str
    guidelines: Mapping[str, Guideline]
    severities: Mapping[str, Severity]
    queues: Mapping[str, Queue]
    rules: tuple[Rule, ...]
    language: RuleLanguage
    sanctions: tuple[SanctionStep, ...] = ()
    lists: Mapping[str, TermList] = field(default_factory=dict)
    on_missing: OnMissing = OnMissing.hold
    label: str = ""
    terms_url: str = ""
    screens: tuple[Screen, ...] = ()

    VERSION_LENGTH = 12

    @property
    def version(self) -> str:
        """The first 12 hex digits of the digest: the policy version written on decisions."""
        return self.digest[: self.VERSION_LENGTH]

    @cached_property
    def active(self) -> tuple[Rule, ...]:
        """The rules that are evaluated: enforced ones and those in shadow."""
        return tuple(rule for rule in self.rules if rule.mode is not Mode.off)

    def evaluate(self, values: Mapping[str, Value]) -> list[bool | None]:
        """The answer of each active rule for one comment's values (None: unknown)."""
        bound = self.language.bind(values)
        answers: list[bool | None] = [None] * len(self.active)
        left = set(range(len(self.active)))
        for screen in self.screens:
            if screen.program.run(bound) is False:
                left.difference_update(screen.places)
                for place in screen.places:
                    answers[place] = False
        for place in left:
            answers[place] = self.active[place].program.run(bound)
        return answers

    def severity_of(self, guideline: str | None) -> Severity | None:
        """The severity of a guideline by its id; None for none."""
        return self.severities[self.guidelines[guideline].severity] if guideline else None

    def for_locale(self, guideline: str, locale: str | None) -> LocalGuideline:
        """A guideline in the nearest language: asked for (`fr-BE` → `fr`), then the file's own.

        Raises KeyError where there is no such guideline.
        """
        clause = self.guidelines[guideline]
        language = _nearest(clause.title, (locale, self.default_locale))
        return LocalGuideline(
            id=clause.id,
            clause=clause.clause,
            title=clause.title[language],
            text=clause.text[language],
            report_label=clause.report_label[language],
            language=language,
        )


def _nearest(texts: Mapping[str, str], locales: Sequence[str | None]) -> str:
    for locale in filter(None, locales):
        for tag in (locale, locale.replace("_", "-").partition("-")[0].lower()):
            if tag in texts:
                return tag
    return next(iter(texts))
