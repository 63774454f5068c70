"""Statements for the EU's Transparency Database: what we write is valid, what is not is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from service.domain import dsa
from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.dsa_statement import Restriction, dsa_statement
from service.domain.dsa_validation import BATCH_MAX, validate_batch, validate_statement
from service.domain.guideline import DsaTerms, LocalGuideline
from service.domain.measure import RESTRICTING, Measure

pytestmark = pytest.mark.fast

CONTRACT = DsaTerms(
    dsa.GROUND_INCOMPATIBLE, "STATEMENT_CATEGORY_CYBER_VIOLENCE", ("KEYWORD_CYBER_HARASSMENT",)
)
LAW = DsaTerms(
    dsa.GROUND_ILLEGAL, "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", legal_ground="An Act, s. 6"
)
CASE = Restriction(
    decision_id=UUID("0195f000-0000-7000-8000-000000000001"),
    measure=Measure.REMOVE,
    guideline=LocalGuideline("civil", "1", "Be civil", "Argue with what people say.", "", "en"),
    terms=CONTRACT,
    source=DecisionSource.REPORT,
    automated_detection=False,
    automated_decision=AutomatedDecision.NOT,
    applied_on=date(2026, 11, 22),
    content_on=date(2026, 11, 21),
    language="ga",
    terms_url="https://courier.example/terms",
)
VALID = dsa_statement(CASE)


@pytest.mark.parametrize("terms", [CONTRACT, LAW])
def test_every_measure_source_and_degree_of_automation_gives_a_valid_statement(
    terms: DsaTerms,
) -> None:
    for measure, source, automated in product(RESTRICTING, DecisionSource, AutomatedDecision):
        case = replace(
            CASE, measure=measure, source=source, automated_decision=automated, terms=terms
        )
        assert validate_statement(dsa_statement(case)) == []


@pytest.mark.parametrize(
    ("measure", "field", "value"),
    [
        (Measure.REJECT, "decision_visibility", ["DECISION_VISIBILITY_CONTENT_REMOVED"]),
        (Measure.REMOVE, "decision_visibility", ["DECISION_VISIBILITY_CONTENT_REMOVED"]),
        (Measure.HIDE, "decision_visibility", ["DECISION_VISIBILITY_CONTENT_DISABLED"]),
        (Measure.DEMOTE, "decision_visibility", ["DECISION_VISIBILITY_CONTENT_DEMOTED"]),
        (
            Measure.LOCK,
            "decision_visibility",
            ["DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED"],
        ),
        (Measure.LABEL, "decision_visibility", ["DECISION_VISIBILITY_CONTENT_LABELLED"]),
        (Measure.PREMODERATE, "decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION"),
        (Measure.SUSPEND, "decision_account", "DECISION_ACCOUNT_SUSPENDED"),
        (Measure.BAN, "decision_account", "DECISION_ACCOUNT_TERMINATED"),
    ],
)
def test_a_measure_has_its_field_and_value(measure: Measure, field: str, value: Any) -> None:
    assert dsa_statement(replace(CASE, measure=measure))[field] == value


def test_a_warning_restricts_nothing_and_is_not_for_the_database() -> None:
    assert dsa_statement(replace(CASE, measure=Measure.WARN)) == {}


def test_an_end_goes_with_the_field_of_its_measure() -> None:
    ends = date(2026, 12, 1)
    suspended = dsa_statement(replace(CASE, measure=Measure.SUSPEND, ends_on=ends))
    assert suspended["end_date_account_restriction"] == "2026-12-01"
    checked = dsa_statement(replace(CASE, measure=Measure.PREMODERATE, ends_on=ends))
    assert checked["end_date_service_restriction"] == "2026-12-01"
    assert not [name for name in VALID if name.startswith("end_date")]


@pytest.mark.parametrize(
    ("source", "trusted", "source_type"),
    [
        (DecisionSource.RULE, False, "SOURCE_VOLUNTARY"),
        (DecisionSource.MODERATOR, False, "SOURCE_VOLUNTARY"),
        (DecisionSource.LADDER, False, "SOURCE_VOLUNTARY"),
        (DecisionSource.REPORT, True, "SOURCE_TYPE_OTHER_NOTIFICATION"),
        (DecisionSource.NOTICE, False, "SOURCE_ARTICLE_16"),
        (DecisionSource.NOTICE, True, "SOURCE_TRUSTED_FLAGGER"),
    ],
)
def test_the_source_follows_from_the_decision(
    source: DecisionSource, trusted: bool, source_type: str
) -> None:
    found = dsa_statement(replace(CASE, source=source, by_trusted_flagger=trusted))
    assert found["source_type"] == source_type
    assert "source_identity" not in found


def test_a_language_the_database_does_not_know_is_left_out() -> None:
    assert VALID["content_language"] == "GA"
    assert "content_language" not in dsa_statement(replace(CASE, language="unknown"))


def test_long_clauses_are_cut_to_the_limits_of_the_database() -> None:
    long = replace(CASE.guideline, title="t" * 900, text="x" * 9_000)
    for terms in (CONTRACT, LAW):
        found = dsa_statement(replace(CASE, guideline=long, terms=terms))
        assert validate_statement(found) == []


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"decision_visibility": None}, "decision_visibility: one of"),
    ({"decision_visibility": ["DECISION_VISIBILITY_GONE"]}, "decision_visibility: 'DECISION_VI"),
    ({"decision_visibility": "DECISION_VISIBILITY_OTHER"}, "decision_visibility: must be a list"),
    ({"decision_visibility": [dsa.VISIBILITY_OTHER]}, "decision_visibility_other: is required"),
    ({"decision_visibility_other": "Something"}, "decision_visibility_other: goes only with"),
    ({"decision_monetary": "NONE"}, "decision_monetary: 'NONE' is not a value"),
    ({"decision_monetary": dsa.MONETARY_OTHER}, "decision_monetary_other: is required"),
    ({"decision_provision": "X"}, "decision_provision: 'X' is not a value"),
    ({"decision_account": "X"}, "decision_account: 'X' is not a value"),
    ({"account_type": "X"}, "account_type: 'X' is not a value"),
    ({"decision_ground": None}, "decision_ground: is required"),
    ({"decision_ground": dsa.GROUND_ILLEGAL}, "illegal_content_legal_ground: is required"),
    ({"illegal_content_explanation": "It is."}, "illegal_content_explanation: goes only with"),
    ({"incompatible_content_ground": ""}, "incompatible_content_ground: is required with"),
    ({"incompatible_content_ground": "x" * 501}, "incompatible_content_ground: has 501"),
    ({"incompatible_content_explanation": "x" * 2_001}, "incompatible_content_explanation: has"),
    ({"incompatible_content_illegal": "yes"}, "incompatible_content_illegal: 'yes' is not"),
    ({"decision_ground_reference_url": "terms"}, "decision_ground_reference_url: is not a web"),
    ({"content_type": []}, "content_type: is required"),
    ({"content_type": ["CONTENT_TYPE_SONG"]}, "content_type: 'CONTENT_TYPE_SONG' is not"),
    ({"content_type": [dsa.CONTENT_OTHER]}, "content_type_other: is required"),
    ({"category": "STATEMENT_CATEGORY_RUDE"}, "category: 'STATEMENT_CATEGORY_RUDE' is not"),
    ({"category_addition": ["X"]}, "category_addition: 'X' is not"),
    ({"category_specification": ["KEYWORD_RUDE"]}, "category_specification: 'KEYWORD_RUDE'"),
    ({"territorial_scope": ["US"]}, "territorial_scope: 'US' is not"),
    ({"content_language": "XX"}, "content_language: 'XX' is not"),
    ({"content_date": "21.11.2026"}, "content_date: must be a date"),
    ({"content_date": "2026-02-30"}, "content_date: must be a date"),
    ({"content_date": "1999-12-31"}, "content_date: must lie between"),
    ({"application_date": "2019-12-31"}, "application_date: must lie between"),
    ({"end_date_visibility_restriction": "2039-01-01"}, "end_date_visibility_restriction: must"),
    ({"decision_facts": "x" * 5_001}, "decision_facts: has 5001 characters"),
    ({"decision_facts": ""}, "decision_facts: is required"),
    ({"source_type": "SOURCE_RUMOUR"}, "source_type: 'SOURCE_RUMOUR' is not"),
    ({"source_type": dsa.SOURCE_VOLUNTARY, "source_identity": "N"}, "source_identity: goes only"),
    ({"automated_detection": True}, "automated_detection: True is not"),
    ({"automated_decision": "Yes"}, "automated_decision: 'Yes' is not"),
    ({"puid": "a puid"}, "puid: may hold letters"),
    ({"puid": "x" * 501}, "puid: has 501 characters"),
    ({"puid": None}, "puid: is required"),
    ({"username": "Ann"}, "username: is not a field of the database"),
]


@pytest.mark.parametrize(("change", "fault"), WRONG)
def test_what_the_database_would_refuse_is_named(change: dict[str, Any], fault: str) -> None:
    faults = validate_statement(VALID | change)
    assert any(found.startswith(fault) for found in faults), faults


def test_a_batch_holds_at_most_a_hundred_statements_and_none_twice() -> None:
    many = [VALID | {"puid": f"p-{n}"} for n in range(BATCH_MAX)]
    assert validate_batch({"statements": many}) == []
    assert validate_batch({"statements": [*many, VALID]}) != []
    assert validate_batch({"statements": [VALID, VALID]}) == ["puid: is there twice"]
    assert validate_batch({"statements": [], "next_cursor": None}) != []
