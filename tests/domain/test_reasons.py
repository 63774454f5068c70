"""Statements of reasons: every language says every element, and the linter sees what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.guideline import LocalGuideline
from service.domain.measure import Measure, measure_of
from service.domain.reason_languages import TEXTS, language_for
from service.domain.reasons import Case, check_reason_texts, state

pytestmark = pytest.mark.fast

CLAUSE = LocalGuideline("civil", "1", "Be civil", "Argue with what people say.", "", "en")
CASE = Case(
    measure=Measure.REMOVE,
    guideline=CLAUSE,
    source=DecisionSource.REPORT,
    automated_detection=False,
    automated_decision=AutomatedDecision.NOT,
    appeal_until=datetime(2027, 5, 22, tzinfo=UTC),
)


def test_the_shipped_texts_have_every_element_in_every_language() -> None:
    assert check_reason_texts() == []
    assert set(TEXTS) == {"en", "ga", "de", "fr", "es"}


@pytest.mark.parametrize(
    ("field", "broken", "fault"),
    [
        (
            "contractual",
            "It goes against “{title}”: {text} You knew.",
            "en.contractual: lacks {clause}",
        ),
        ("redress", "You can appeal here on the site.", "en.redress: lacks {date}"),
        ("rules", "Some rules applied to it.", "en.rules: lacks {rules}"),
        ("until", "Until {day}, and then no more.", "en.until: lacks {date}"),
        ("found_by_machine", "", "en.found_by_machine: is not a whole sentence"),
        ("measures", {}, "en.measures: no text for ban"),
        ("circumstances", {}, "en.circumstances: no text for appeal"),
        ("decided", {}, "en.decided: no text for fully"),
    ],
)
def test_the_linter_names_what_a_template_lacks(field: str, broken: Any, fault: str) -> None:
    texts = {**TEXTS, "en": replace(TEXTS["en"], **{field: broken})}
    assert fault in check_reason_texts(texts)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("measure", Measure)
def test_every_measure_is_stated_with_clause_facts_automation_and_redress(
    language: str, measure: Measure
) -> None:
    words = TEXTS[language]
    found = state(replace(CASE, measure=measure, rules=("abuse-likely",)), language)
    assert found.effect.startswith(words.measures[measure])
    assert all(part in found.ground for part in ("1", CLAUSE.title, CLAUSE.text))
    assert words.circumstances[DecisionSource.REPORT] in found.facts
    assert "abuse-likely" in found.facts
    assert words.decided[AutomatedDecision.NOT] in found.automation
    assert "2027-05-22" in found.redress


def test_a_measure_with_an_end_names_its_date_and_one_without_says_so() -> None:
    ends = datetime(2026, 12, 1, tzinfo=UTC)
    suspended = state(replace(CASE, measure=Measure.SUSPEND, ends_at=ends), "en")
    assert "until 2026-12-01" in suspended.effect
    assert "no end date" in state(replace(CASE, measure=Measure.BAN), "en").effect
    assert "no end date" not in state(replace(CASE, measure=Measure.HIDE), "en").effect


def test_the_law_is_named_only_where_the_ground_is_the_law() -> None:
    assert "law" not in state(CASE, "en").ground
    illegal = state(replace(CASE, legal_ground="Public Order Act, section 6."), "en")
    assert "Public Order Act, section 6." in illegal.ground


def test_no_statement_says_who_reported() -> None:
    assert "We never say who reported." in state(CASE, "en").facts


@pytest.mark.parametrize(
    ("locales", "language"),
    [
        (("ga", "de"), "ga"),
        (("fr-BE", "de"), "fr"),
        (("pt", "de_AT"), "de"),
        ((None, "es"), "es"),
        (("pt", "it"), "en"),
        ((None, ""), "en"),
    ],
)
def test_the_readers_language_comes_first_then_the_sites_then_english(
    locales: tuple[str | None, ...], language: str
) -> None:
    assert language_for(*locales) == language


@pytest.mark.parametrize(
    ("action", "demote", "measure"),
    [
        ("reject", False, Measure.REJECT),
        ("publish", True, Measure.DEMOTE),
        ("queue", False, None),
        ("hold", False, None),
        ("approve", False, None),
        ("ban", False, Measure.BAN),
    ],
)
def test_what_restricts_is_a_measure(action: str, demote: bool, measure: Measure | None) -> None:
    assert measure_of(action, demote=demote) is measure
