"""Notices of illegal content: kinds, what each must say, and where it goes.

Article 16 of the Digital Services Act; for defamation the particulars of SI 2013/3028.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from service.domain.comment import CommentStatus, validate_body
from service.domain.dsa import GROUND_ILLEGAL
from service.domain.errors import Invalid, NotFound
from service.domain.guideline import Policy
from service.domain.priority import DEFAULT_WEIGHTS

EXPLANATION_MIN_CHARS, EXPLANATION_MAX_CHARS = 10, 5_000
ANSWER_MAX_CHARS = 5_000
# Neither vowels, so that no word comes out, nor signs that look like others.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRTVWXYZ"
REFERENCE_CHARS = 6


class NoticeCategory(StrEnum):
    """What kind of illegal content a notice is about."""

    DEFAMATION = "defamation"
    HATE = "hate"
    THREAT = "threat"
    PRIVACY = "privacy"
    COPYRIGHT = "copyright"
    CHILD_SEXUAL_ABUSE = "child_sexual_abuse"
    TERRORISM = "terrorism"
    FRAUD = "fraud"
    OTHER = "other"


class NoticeAction(StrEnum):
    """How a notice can be decided."""

    REMOVE = "remove"
    HIDE = "hide"
    RESTORE = "restore"
    NO_ACTION = "no_action"


class Ground(StrEnum):
    """What a decision on a notice rests on."""

    ILLEGAL = "illegal"
    GUIDELINES = "guidelines"


# Somebody may come to harm: these go before everything else.
URGENT = frozenset(
    {NoticeCategory.CHILD_SEXUAL_ABUSE, NoticeCategory.TERRORISM, NoticeCategory.THREAT}
)
# Article 16(2)(c): no name is asked for here.
ANONYMOUS = frozenset({NoticeCategory.CHILD_SEXUAL_ABUSE})
UPHOLDING = frozenset({NoticeAction.REMOVE, NoticeAction.HIDE})


def check_notice(
    *, category: NoticeCategory, name: str | None, email: str | None, good_faith: bool
) -> None:
    """Raise Invalid naming every field that is missing.

    1. Name and e-mail address are needed, except for child sexual abuse.
    2. The notifier believes in good faith that what they say is accurate and complete.
    """
    errors: dict[str, list[str]] = {}
    if category not in ANONYMOUS:
        for field, value in (("name", name), ("email", email)):
            if not value:
                errors[field] = ["Is needed for a notice of this category."]
    if not good_faith:
        errors["good_faith"] = ["Must be true: confirm that this is accurate and complete."]
    if errors:
        raise Invalid(errors)


def clean_explanation(raw: str) -> str:
    """Why the content is illegal, tidied as comments are. Raises Invalid naming `explanation`."""
    try:
        text = validate_body(raw, max_chars=EXPLANATION_MAX_CHARS)
    except Invalid as error:
        raise Invalid({"explanation": error.errors["body"]}) from error
    if len(text) < EXPLANATION_MIN_CHARS:
        raise Invalid({"explanation": [f"Needs at least {EXPLANATION_MIN_CHARS} characters."]})
    return text


def clean_particulars(category: NoticeCategory, given: Mapping[str, object]) -> dict[str, object]:
    """The further fields of a notice of defamation; empty ones are left out.

    Raises Invalid naming `particulars` where another category brings some.
    """
    kept = {name: value for name, value in given.items() if value not in (None, "")}
    if kept and category is not NoticeCategory.DEFAMATION:
        raise Invalid({"particulars": ["Belong to notices of defamation only."]})
    return kept


def check_noticeable(status: CommentStatus, published_at: datetime | None) -> None:
    """Raise NotFound unless a comment is or once was public and its text still exists.

    What was hidden, removed or withdrawn can still be given notice of: it may come back, and it
    may be evidence. What never was public stays unknown to outsiders.
    """
    if published_at is None or status is CommentStatus.ERASED:
        raise NotFound("There is no comment with this id.", code="comment_not_found")


def queue_of(category: NoticeCategory) -> str:
    """The moderators' queue a notice waits in."""
    return "urgent" if category in URGENT else "legal"


def floor_of(category: NoticeCategory) -> int:
    """The least priority (0–100) of a comment with such a notice."""
    return DEFAULT_WEIGHTS.life_at_risk if category in URGENT else DEFAULT_WEIGHTS.legal


def clause_of(category: NoticeCategory, policy: Policy) -> str | None:
    """The guideline a notice points to: of the same name, else the one on illegal content."""
    if category.value in policy.guidelines:
        return category.value
    return next(iter(illegal_clauses(policy)), None)


def illegal_clauses(policy: Policy) -> list[str]:
    """Guidelines whose ground is that the content is illegal."""
    return [g.id for g in policy.guidelines.values() if g.dsa.ground == GROUND_ILLEGAL]


def deciding_clause(
    action: NoticeAction, ground: Ground, guideline: str | None, policy: Policy
) -> str | None:
    """The guideline a decision on a notice names, None for one that restricts nothing.

    1. On the ground that it is illegal, a clause with that ground; the file's first by default.
    2. On the ground of the guidelines, the one given: `take_decision` asks for it.
    Raises Invalid naming `guideline`.
    """
    if action not in UPHOLDING:
        return None
    illegal = illegal_clauses(policy)
    if ground is Ground.GUIDELINES:
        return guideline
    if guideline is None and illegal:
        return illegal[0]
    if guideline not in illegal:
        known = ", ".join(illegal) or "none"
        raise Invalid({"guideline": [f"Is not about illegal content. This site has: {known}."]})
    return guideline
