"""A restriction in the fields of the EU's DSA Transparency Database, without personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from service.domain import dsa
from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.guideline import DsaTerms, LocalGuideline
from service.domain.measure import ON_READER, Measure

# Whoever reads the public database has no other language of ours for sure.
DATABASE_LANGUAGE = "en"

# Measure → the field of the database and its value. A warning restricts nothing.
FIELDS: Mapping[Measure, tuple[str, str]] = {
    Measure.REJECT: ("decision_visibility", "DECISION_VISIBILITY_CONTENT_REMOVED"),
    Measure.REMOVE: ("decision_visibility", "DECISION_VISIBILITY_CONTENT_REMOVED"),
    Measure.HIDE: ("decision_visibility", "DECISION_VISIBILITY_CONTENT_DISABLED"),
    Measure.DEMOTE: ("decision_visibility", "DECISION_VISIBILITY_CONTENT_DEMOTED"),
    Measure.LOCK: ("decision_visibility", "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED"),
    Measure.LABEL: ("decision_visibility", "DECISION_VISIBILITY_CONTENT_LABELLED"),
    Measure.PREMODERATE: ("decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION"),
    Measure.SUSPEND: ("decision_account", "DECISION_ACCOUNT_SUSPENDED"),
    Measure.BAN: ("decision_account", "DECISION_ACCOUNT_TERMINATED"),
}
END_DATES = {
    "decision_visibility": "end_date_visibility_restriction",
    "decision_provision": "end_date_service_restriction",
    "decision_account": "end_date_account_restriction",
}
SOURCE_TYPES: Mapping[DecisionSource, str] = {
    DecisionSource.RULE: dsa.SOURCE_VOLUNTARY,
    DecisionSource.REPORT: dsa.SOURCE_NOTIFICATION,
    DecisionSource.NOTICE: dsa.SOURCE_NOTICE,
    # Somebody complained that an earlier decision kept the comment.
    DecisionSource.APPEAL: dsa.SOURCE_NOTIFICATION,
    DecisionSource.QA: dsa.SOURCE_VOLUNTARY,
    DecisionSource.LADDER: dsa.SOURCE_VOLUNTARY,
    DecisionSource.MODERATOR: dsa.SOURCE_VOLUNTARY,
}
AUTOMATED: Mapping[AutomatedDecision, str] = {
    AutomatedDecision.FULLY: "AUTOMATED_DECISION_FULLY",
    AutomatedDecision.PARTIALLY: "AUTOMATED_DECISION_PARTIALLY",
    AutomatedDecision.NOT: "AUTOMATED_DECISION_NOT_AUTOMATED",
}
# Standard language: nothing of the comment, of its author or of whoever reported it.
DONE: Mapping[Measure, str] = {
    Measure.REJECT: "A comment under a news article was not published.",
    Measure.REMOVE: "A comment under a news article was removed.",
    Measure.HIDE: "A comment under a news article was hidden until a person decides about it.",
    Measure.DEMOTE: "A comment under a news article is shown below other comments.",
    Measure.LOCK: "The thread of a comment under a news article takes no more replies.",
    Measure.LABEL: "A comment under a news article carries a remark by the newsroom.",
    Measure.PREMODERATE: "Comments of an account are read by a moderator before publication.",
    Measure.SUSPEND: "An account was suspended from commenting.",
    Measure.BAN: "An account was closed for commenting.",
}
CAME_UP: Mapping[DecisionSource, str] = {
    DecisionSource.RULE: "The provider's own automated check of the text brought it up.",
    DecisionSource.REPORT: "Reports by readers under the community guidelines brought it up.",
    DecisionSource.NOTICE: "A notice of content believed to be illegal brought it up.",
    DecisionSource.APPEAL: "A complaint about an earlier decision brought it up.",
    DecisionSource.QA: "The provider's routine second look at earlier decisions brought it up.",
    DecisionSource.LADDER: "Repeated breaches of the community guidelines led to it.",
    DecisionSource.MODERATOR: "The provider's moderators came upon it of their own accord.",
}
ILLEGAL = "The content was found to be contrary to the law named as the legal ground. {text}"
# Limits of the database, in characters.
GROUND_MAX, EXPLANATION_MAX, URL_MAX = 500, 2_000, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What the database is told of one decision. `guideline` is in DATABASE_LANGUAGE."""

    decision_id: UUID
    measure: Measure
    guideline: LocalGuideline
    terms: DsaTerms
    source: DecisionSource
    automated_detection: bool
    automated_decision: AutomatedDecision
    applied_on: date
    content_on: date
    ends_on: date | None = None
    language: str | None = None
    terms_url: str = ""
    by_trusted_flagger: bool = False


def dsa_statement(case: Restriction) -> dict[str, Any]:
    """The statement as the database takes it; empty for a warning, which restricts nothing.

    1. The measure decides the field; an end goes with its field, none means indefinite.
    2. The ground is the law's or the guidelines', as the guideline file says.
    3. Source and automation follow from the decision's own record.
    4. `puid` is the decision's id: unique, never used again, and meaningless outside.
    """
    if case.measure not in FIELDS:
        return {}
    field, value = FIELDS[case.measure]
    statement: dict[str, Any] = {
        field: [value] if field == "decision_visibility" else value,
        **_ground(case),
        "content_type": [dsa.CONTENT_TEXT],
        "category": case.terms.category,
        "category_specification": list(case.terms.keywords),
        "territorial_scope": list(dsa.COUNTRIES),
        "content_date": case.content_on.isoformat(),
        "application_date": case.applied_on.isoformat(),
        "decision_facts": f"{DONE[case.measure]} {CAME_UP[case.source]}",
        "source_type": _source(case),
        "automated_detection": "Yes" if case.automated_detection else "No",
        "automated_decision": AUTOMATED[case.automated_decision],
        "puid": str(case.decision_id),
    }
    if case.ends_on is not None:
        statement[END_DATES[field]] = case.ends_on.isoformat()
    if case.measure in ON_READER:
        statement["account_type"] = "ACCOUNT_TYPE_PRIVATE"
    language = (case.language or "").upper()
    if language in dsa.LANGUAGES:
        statement["content_language"] = language
    return statement


def _ground(case: Restriction) -> dict[str, str]:
    clause, terms = case.guideline, case.terms
    reference = f"Clause {clause.clause} of the community guidelines: {clause.title}"
    ground = {"decision_ground": terms.ground}
    if case.terms_url.startswith(("http://", "https://")) and len(case.terms_url) <= URL_MAX:
        ground["decision_ground_reference_url"] = case.terms_url
    if terms.ground == dsa.GROUND_ILLEGAL:
        explanation = ILLEGAL.format(text=clause.text)
        return ground | {
            "illegal_content_legal_ground": (terms.legal_ground or reference)[:GROUND_MAX],
            "illegal_content_explanation": explanation[:EXPLANATION_MAX],
        }
    return ground | {
        "incompatible_content_ground": reference[:GROUND_MAX],
        "incompatible_content_explanation": clause.text[:EXPLANATION_MAX],
        "incompatible_content_illegal": "No",
    }


def _source(case: Restriction) -> str:
    if case.source is DecisionSource.NOTICE and case.by_trusted_flagger:
        return dsa.SOURCE_TRUSTED
    return SOURCE_TYPES[case.source]
