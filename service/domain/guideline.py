"""Community guidelines as data: clauses, severities, sanctions, queues, lists; the whole file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from service.domain.errors import Invalid
from service.domain.evaluation import Evaluation
from service.domain.rule import Mode, OnMissing, Rule, RuleLanguage, Screen
from service.domain.signals import Value

UNSCORED_QUEUE = "unscored"
PREMODERATION_QUEUE = "premoderation"
APPEALS_QUEUE = "appeals"
QA_QUEUE = "qa"
DRIFT_QUEUE = "drift"
REQUIRED_QUEUES = (
    "toxic",
    "off_topic",
    "spam",
    "reported",
    "legal",
    PREMODERATION_QUEUE,
    UNSCORED_QUEUE,
    "urgent",
    APPEALS_QUEUE,
    QA_QUEUE,
)
# What two people must agree on unless the file says otherwise.
FOUR_EYES = frozenset({"ban", "refer"})


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
    reportable: bool = True


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


@dataclass(frozen=True)
class QaShares:
    """Which shares (0–1) of decisions are drawn for a blind second look, by who took them."""

    human: float = 0.05
    automated_reject: float = 0.10
    automated_publish: float = 0.01


@dataclass(frozen=True, slots=True)
class DriftHandling:
    """What follows when a thread leaves its article.

    `review`: one item for the thread in the queue `drift`. `line`: readers are told that it has
    moved away. `articles_after`: so many threads away, and the article itself may be drifting.
    """

    review: bool = False
    line: bool = False
    articles_after: int = 3


@dataclass(frozen=True)
class Policy:
    """One loaded guideline file. `digest` is the SHA-256 it is known by, `version` its start.

    `source` and `list_files` (by path in the file) are the texts it was made of: from them the
    same policy can be made again. `four_eyes` names what needs a second person's consent.
    """

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
    qa_shares: QaShares = QaShares()
    four_eyes: frozenset[str] = FOUR_EYES
    drift: DriftHandling = DriftHandling()
    source: str = ""
    list_files: Mapping[str, str] = field(default_factory=dict)

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
        return self._evaluation.answers(values)

    @cached_property
    def _evaluation(self) -> Evaluation:
        return Evaluation(self.active, self.screens, self.language)

    def severity_of(self, guideline: str | None) -> Severity | None:
        """The severity of a guideline by its id; None for none, or where the clause has left."""
        clause = self.guidelines.get(guideline) if guideline else None
        return self.severities[clause.severity] if clause else None

    def check_guideline(self, guideline: str | None) -> None:
        """Raise Invalid naming `guideline` unless this file has it; None is no guideline."""
        if guideline is not None and guideline not in self.guidelines:
            known = ", ".join(self.guidelines)
            raise Invalid({"guideline": [f"Is not a guideline of this site. It has: {known}."]})

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
            reportable=clause.reportable,
        )


def _nearest(texts: Mapping[str, str], locales: Sequence[str | None]) -> str:
    for locale in filter(None, locales):
        for tag in (locale, locale.replace("_", "-").partition("-")[0].lower()):
            if tag in texts:
                return tag
    return next(iter(texts))
