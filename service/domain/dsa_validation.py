"""Whether a statement is one the EU's DSA Transparency Database would take: every field rule."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from service.domain import dsa

# Fields that hold one value of a list; True where the field must be there.
ONE_OF: Mapping[str, tuple[Collection[str], bool]] = {
    "decision_monetary": (dsa.MONETARIES, False),
    "decision_provision": (dsa.PROVISIONS, False),
    "decision_account": (dsa.ACCOUNTS, False),
    "account_type": (dsa.ACCOUNT_TYPES, False),
    "decision_ground": (dsa.GROUNDS, True),
    "incompatible_content_illegal": (dsa.YES_NO, False),
    "category": (dsa.CATEGORIES, True),
    "content_language": (dsa.LANGUAGES, False),
    "source_type": (dsa.SOURCES, True),
    "automated_detection": (dsa.YES_NO, True),
    "automated_decision": (dsa.AUTOMATED_DECISIONS, True),
}
# Fields that hold a list of such values.
SOME_OF: Mapping[str, tuple[Collection[str], bool]] = {
    "decision_visibility": (dsa.VISIBILITIES, False),
    "content_type": (dsa.CONTENT_TYPES, True),
    "category_addition": (dsa.CATEGORIES, False),
    "category_specification": (dsa.KEYWORDS, False),
    "territorial_scope": (dsa.COUNTRIES, False),
}
# Free text and its limit in characters.
TEXTS: Mapping[str, tuple[int, bool]] = {
    "decision_visibility_other": (500, False),
    "decision_monetary_other": (500, False),
    "decision_ground_reference_url": (500, False),
    "illegal_content_legal_ground": (500, False),
    "illegal_content_explanation": (2_000, False),
    "incompatible_content_ground": (500, False),
    "incompatible_content_explanation": (2_000, False),
    "content_type_other": (500, False),
    "category_specification_other": (500, False),
    "decision_facts": (5_000, True),
    "source_identity": (500, False),
    "puid": (500, True),
}
# Dates and the first one the database takes; the last is the same for all.
DATES: Mapping[str, tuple[date, bool]] = {
    "content_date": (date(2000, 1, 1), True),
    "application_date": (date(2020, 1, 1), True),
    "end_date_visibility_restriction": (date.min, False),
    "end_date_account_restriction": (date.min, False),
    "end_date_service_restriction": (date.min, False),
    "end_date_monetary_restriction": (date.min, False),
}
LAST_DATE = date(2038, 1, 1)
KNOWN = frozenset({*ONE_OF, *SOME_OF, *TEXTS, *DATES})
DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
# Field → the field and value that make it necessary, and without which it must not be there.
ONLY_WITH: Mapping[str, tuple[str, str, bool]] = {
    "decision_visibility_other": ("decision_visibility", dsa.VISIBILITY_OTHER, True),
    "decision_monetary_other": ("decision_monetary", dsa.MONETARY_OTHER, True),
    "content_type_other": ("content_type", dsa.CONTENT_OTHER, True),
    "illegal_content_legal_ground": ("decision_ground", dsa.GROUND_ILLEGAL, True),
    "illegal_content_explanation": ("decision_ground", dsa.GROUND_ILLEGAL, True),
    "incompatible_content_ground": ("decision_ground", dsa.GROUND_INCOMPATIBLE, True),
    "incompatible_content_explanation": ("decision_ground", dsa.GROUND_INCOMPATIBLE, True),
    "incompatible_content_illegal": ("decision_ground", dsa.GROUND_INCOMPATIBLE, False),
    "category_specification_other": ("category_specification", dsa.KEYWORD_OTHER, False),
}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
PUID = re.compile(r"[a-zA-Z0-9\-_]+")
URL = re.compile(r"https?://[^\s]+")
BATCH_MAX = 100


def validate_statement(statement: Mapping[str, Any]) -> list[str]:
    """Every way in which the database would refuse a statement; empty where it would take it.

    1. No field it does not know.
    2. At least one of the four decisions.
    3. What is required is there; values are of their lists, texts within their limits.
    4. Fields that belong to one value of another come with it, and only with it.
    5. Dates are ISO dates it takes; the puid fits its pattern; a web address is one.
    6. A voluntary decision names no source.
    """
    faults = [f"{name}: is not a field of the database" for name in sorted({*statement} - KNOWN)]
    if not any(_has(statement, name) for name in DECISIONS):
        faults.append(f"{DECISIONS[0]}: one of {', '.join(DECISIONS)} is needed")
    for name in sorted(KNOWN):
        if _has(statement, name):
            faults += [f"{name}: {fault}" for fault in _field_faults(name, statement[name])]
        elif _is_required(name):
            faults.append(f"{name}: is required")
    return faults + _conditional_faults(statement)


def validate_batch(batch: Mapping[str, Any]) -> list[str]:
    """Every way in which the database would refuse a batch: it takes all of it or nothing."""
    if set(batch) != {"statements"} or not isinstance(batch["statements"], list):
        return ["a batch is an object with the list `statements` and nothing else"]
    statements = batch["statements"]
    faults = [f"a batch has at most {BATCH_MAX} statements"] * (len(statements) > BATCH_MAX)
    puids = [statement.get("puid") for statement in statements]
    if len(set(puids)) != len(puids):
        faults.append("puid: is there twice")
    return faults + [
        f"statements.{index}.{fault}"
        for index, statement in enumerate(statements)
        for fault in validate_statement(statement)
    ]


def _has(statement: Mapping[str, Any], name: str) -> bool:
    return statement.get(name) not in (None, "", [])


def _is_required(name: str) -> bool:
    return any(name in table and table[name][1] for table in (ONE_OF, SOME_OF, TEXTS, DATES))


def _field_faults(name: str, value: Any) -> list[str]:
    if name in ONE_OF:
        return [] if value in ONE_OF[name][0] else [f"{value!r} is not a value of the list"]
    if name in SOME_OF:
        if not isinstance(value, list):
            return ["must be a list"]
        return [f"{v!r} is not a value of the list" for v in value if v not in SOME_OF[name][0]]
    if not isinstance(value, str):
        return ["must be text"]
    return _date_faults(name, value) if name in DATES else _text_faults(name, value)


def _text_faults(name: str, value: str) -> list[str]:
    most = TEXTS[name][0]
    if len(value) > most:
        return [f"has {len(value)} characters, at most {most} are allowed"]
    if name == "puid" and not PUID.fullmatch(value):
        return ["may hold letters, digits, - and _ only"]
    if name == "decision_ground_reference_url" and not URL.fullmatch(value):
        return ["is not a web address"]
    return []


def _date_faults(name: str, value: str) -> list[str]:
    try:
        found = date.fromisoformat(value) if ISO_DATE.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None:
        return ["must be a date as YYYY-MM-DD"]
    first = DATES[name][0]
    return [] if first <= found <= LAST_DATE else [f"must lie between {first} and {LAST_DATE}"]


def _conditional_faults(statement: Mapping[str, Any]) -> list[str]:
    faults = []
    for name, (other, value, needed) in ONLY_WITH.items():
        held = statement.get(other)
        applies = held == value or (isinstance(held, list) and value in held)
        if _has(statement, name) and not applies:
            faults.append(f"{name}: goes only with {other} {value}")
        elif applies and needed and not _has(statement, name):
            faults.append(f"{name}: is required with {other} {value}")
    if statement.get("source_type") == dsa.SOURCE_VOLUNTARY and _has(statement, "source_identity"):
        faults.append("source_identity: goes only with a notification")
    return faults
