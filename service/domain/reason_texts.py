"""What a statement of reasons is made of in one language, and the linter of these texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.measure import Measure


@dataclass(frozen=True, slots=True)
class ReasonTexts:
    """Whole sentences. Placeholders: {clause}, {title}, {text}, {law}, {rules}, {date}."""

    # What was done.
    measures: Mapping[Measure, str]
    # Until when, and where.
    until: str
    no_end: str
    everywhere: str
    # Which clause it goes against; and where the law forbids it, which law.
    contractual: str
    illegal: str
    # How it came up, and what the automated check said.
    circumstances: Mapping[DecisionSource, str]
    rules: str
    # The machine's part: in finding it, and in deciding.
    found_by_machine: str
    found_by_people: str
    decided: Mapping[AutomatedDecision, str]
    # What the reader can do about it, with and without a date known.
    redress: str
    redress_undated: str


# Field → the placeholders it must name, no others.
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "until": frozenset({"date"}),
    "no_end": frozenset(),
    "everywhere": frozenset(),
    "contractual": frozenset({"clause", "title", "text"}),
    "illegal": frozenset({"law"}),
    "rules": frozenset({"rules"}),
    "found_by_machine": frozenset(),
    "found_by_people": frozenset(),
    "redress": frozenset({"date"}),
    "redress_undated": frozenset(),
}
TABLES: Mapping[str, frozenset[str]] = {
    "measures": frozenset(Measure),
    "circumstances": frozenset(DecisionSource),
    "decided": frozenset(AutomatedDecision),
}
# Shorter than this is no sentence a reader could use.
SENTENCE_MIN_CHARS = 10


def check_texts(language: str, texts: ReasonTexts) -> list[str]:
    """Every fault of one language's texts, empty where there is none.

    1. Each sentence names its placeholders and no others: clause, facts, law, dates.
    2. Each table has a sentence for every measure, source and degree of automation.
    3. No sentence is missing or left as a stump.
    """
    faults = []
    for name, wanted in PLACEHOLDERS.items():
        faults += _faults(f"{language}.{name}", getattr(texts, name), wanted)
    for name, keys in TABLES.items():
        table: Mapping[str, str] = getattr(texts, name)
        faults += [f"{language}.{name}: no text for {key}" for key in sorted(keys - set(table))]
        for key, sentence in table.items():
            faults += _faults(f"{language}.{name}.{key}", sentence, frozenset())
    return faults


def _faults(where: str, sentence: str, wanted: frozenset[str]) -> list[str]:
    if len(sentence.strip()) < SENTENCE_MIN_CHARS or not sentence.rstrip().endswith("."):
        return [f"{where}: is not a whole sentence"]
    found = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    missing = [f"{where}: lacks {{{name}}}" for name in sorted(wanted - found)]
    return missing + [f"{where}: has an unknown {{{name}}}" for name in sorted(found - wanted)]
