"""The statement of reasons a restriction owes its reader (Digital Services Act, Article 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.guideline import LocalGuideline
from service.domain.measure import Measure
from service.domain.reason_languages import TEXTS
from service.domain.reason_texts import ReasonTexts, check_texts

# Measures that go on until somebody ends them, where no end is set.
_LASTING = frozenset(Measure) - {Measure.WARN, Measure.HIDE}
_PROBE_TIME = datetime.fromisoformat("2031-02-03T00:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a statement is about. Times are aware; dates in it are written in UTC.

    `legal_ground` is set where the guideline's ground is the law; `rules` are ids of the
    automated check's rules that applied; `note` is a sentence of the newsroom's own to the reader.
    """

    measure: Measure
    guideline: LocalGuideline
    source: DecisionSource
    automated_detection: bool
    automated_decision: AutomatedDecision
    legal_ground: str | None = None
    rules: tuple[str, ...] = ()
    ends_at: datetime | None = None
    appeal_until: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the reader is told: what was done and for how long, why, on which facts, by whom."""

    measure: Measure
    guideline: str
    clause: str
    effect: str
    ground: str
    facts: str
    automation: str
    automated_detection: bool
    automated_decision: str
    redress: str
    locale: str
    ends_at: datetime | None


def state(case: Case, language: str, texts: Mapping[str, ReasonTexts] = TEXTS) -> Reasons:
    """Put a case into words, in a language of `texts`. The elements of Article 17(3):

    1. (a) the measure, how long it lasts, and where it applies.
    2. (d), (e) the clause it goes against; where the law forbids it, the law too.
    3. (b) the facts: what brought it up, and which rules applied; never who reported it.
    4. (c) whether automated means found it, and whether they decided.
    5. (f) how to appeal, and until when.
    """
    words = texts[language]
    clause = case.guideline
    ground = [words.contractual.format(clause=clause.clause, title=clause.title, text=clause.text)]
    if case.legal_ground is not None:
        ground.append(words.illegal.format(law=case.legal_ground.rstrip(".")))
    return Reasons(
        measure=case.measure,
        guideline=clause.id,
        clause=clause.clause,
        effect=_effect(case, words),
        ground=" ".join(ground),
        facts=_facts(case, words),
        automation=_automation(case, words),
        automated_detection=case.automated_detection,
        automated_decision=case.automated_decision.value,
        redress=_redress(case, words),
        locale=language,
        ends_at=case.ends_at,
    )


def check_reason_texts(texts: Mapping[str, ReasonTexts] = TEXTS) -> list[str]:
    """Every fault of the texts: a statement that would lack clause, facts, automation or redress.

    Each language is checked sentence by sentence; then, if that found nothing, a statement for
    each measure, source and degree of automation is written and looked at.
    """
    faults = [fault for name, words in texts.items() for fault in check_texts(name, words)]
    return faults or [
        f"{language}.{measure}.{source}.{automated}: lacks {element}"
        for language in texts
        for measure in Measure
        for source in DecisionSource
        for automated in AutomatedDecision
        for element in _lacking(_probe(measure, source, automated), language, texts)
    ]


def _probe(measure: Measure, source: DecisionSource, automated: AutomatedDecision) -> Case:
    guideline = LocalGuideline("probe", "§clause", "§title", "§text.", "", "en")
    return Case(
        measure=measure,
        guideline=guideline,
        source=source,
        automated_detection=automated is not AutomatedDecision.NOT,
        automated_decision=automated,
        legal_ground="§law",
        rules=("§rule",),
        ends_at=_PROBE_TIME,
        appeal_until=_PROBE_TIME,
    )


def _lacking(case: Case, language: str, texts: Mapping[str, ReasonTexts]) -> list[str]:
    found, words = state(case, language, texts), texts[language]
    date = _date(_PROBE_TIME)
    present = {
        "effect": words.measures[case.measure] in found.effect,
        "clause": all(part in found.ground for part in ("§clause", "§title", "§text", "§law")),
        "facts": words.circumstances[case.source] in found.facts and "§rule" in found.facts,
        "automation": words.decided[case.automated_decision] in found.automation,
        "redress": date in found.redress,
    }
    return [element for element, is_there in present.items() if not is_there]


def _effect(case: Case, words: ReasonTexts) -> str:
    said = [words.measures[case.measure]]
    if case.ends_at is not None:
        said.append(words.until.format(date=_date(case.ends_at)))
    elif case.measure in _LASTING:
        said.append(words.no_end)
    if case.measure is not Measure.WARN:
        said.append(words.everywhere)
    return " ".join(said)


def _facts(case: Case, words: ReasonTexts) -> str:
    said = [words.circumstances[case.source]]
    if case.rules:
        said.append(words.rules.format(rules=", ".join(case.rules)))
    if case.note:
        said.append(case.note)
    return " ".join(said)


def _automation(case: Case, words: ReasonTexts) -> str:
    found = words.found_by_machine if case.automated_detection else words.found_by_people
    return f"{found} {words.decided[case.automated_decision]}"


def _redress(case: Case, words: ReasonTexts) -> str:
    if case.appeal_until is None:
        return words.redress_undated
    return words.redress.format(date=_date(case.appeal_until))


def _date(moment: datetime) -> str:
    return moment.date().isoformat()
