"""What each kind of notice must say, and where it goes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.domain.comment import CommentStatus
from service.domain.errors import Invalid, NotFound
from service.domain.guideline import Policy
from service.domain.notice import (
    REFERENCE_ALPHABET,
    Ground,
    NoticeAction,
    NoticeCategory,
    check_notice,
    check_noticeable,
    clause_of,
    clean_explanation,
    clean_particulars,
    deciding_clause,
    floor_of,
    queue_of,
)
from service.domain.notice_texts import NOTICE_TEXTS

pytestmark = pytest.mark.fast

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URGENT = {"child_sexual_abuse", "terrorism", "threat"}


@pytest.mark.parametrize("category", list(NoticeCategory))
def test_name_and_address_are_needed_except_for_child_sexual_abuse(
    category: NoticeCategory,
) -> None:
    if category is NoticeCategory.CHILD_SEXUAL_ABUSE:
        check_notice(category=category, name=None, email=None, good_faith=True)
        return
    with pytest.raises(Invalid) as refusal:
        check_notice(category=category, name=None, email="", good_faith=True)
    assert set(refusal.value.errors) == {"name", "email"}


def test_good_faith_is_always_needed() -> None:
    with pytest.raises(Invalid) as refusal:
        check_notice(
            category=NoticeCategory.CHILD_SEXUAL_ABUSE, name=None, email=None, good_faith=False
        )
    assert set(refusal.value.errors) == {"good_faith"}


@pytest.mark.parametrize("text", ["too short", "", " \n\t ", "x" * 5_001])
def test_an_explanation_has_ten_to_five_thousand_characters(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_explanation(text)
    assert list(refusal.value.errors) == ["explanation"]
    assert clean_explanation("  Ten chars.  ") == "Ten chars."


def test_particulars_belong_to_defamation() -> None:
    given = {"meaning": "That she stole.", "inaccurate_parts": ""}
    assert clean_particulars(NoticeCategory.DEFAMATION, given) == {"meaning": "That she stole."}
    assert clean_particulars(NoticeCategory.FRAUD, {}) == {}
    with pytest.raises(Invalid):
        clean_particulars(NoticeCategory.FRAUD, given)


@pytest.mark.parametrize("status", ["published", "hidden", "removed", "withdrawn", "pending"])
def test_what_once_was_public_can_be_given_notice_of(status: str) -> None:
    check_noticeable(CommentStatus(status), NOW)


@pytest.mark.parametrize(
    ("status", "published_at"),
    [("held", None), ("rejected", None), ("pending", None), ("withdrawn", None), ("erased", NOW)],
)
def test_what_never_was_public_or_is_erased_does_not_exist_for_outsiders(
    status: str, published_at: datetime | None
) -> None:
    with pytest.raises(NotFound):
        check_noticeable(CommentStatus(status), published_at)


@pytest.mark.parametrize("category", list(NoticeCategory))
def test_danger_goes_first(category: NoticeCategory) -> None:
    urgent = category.value in URGENT
    assert queue_of(category) == ("urgent" if urgent else "legal")
    assert floor_of(category) == (100 if urgent else 80)


def test_a_notice_points_to_the_clause_of_its_name_else_to_the_illegal_one(
    policy: Policy,
) -> None:
    assert clause_of(NoticeCategory.DEFAMATION, policy) == "defamation"
    assert clause_of(NoticeCategory.COPYRIGHT, policy) == "illegal"


@pytest.mark.parametrize(
    ("action", "ground", "guideline", "clause"),
    [
        ("remove", "illegal", None, "illegal"),
        ("hide", "illegal", "illegal", "illegal"),
        ("remove", "guidelines", "civil", "civil"),
        ("remove", "guidelines", None, None),
        ("no_action", "illegal", None, None),
        ("restore", "guidelines", "civil", None),
    ],
)
def test_a_restriction_names_the_clause_of_its_ground(
    action: str, ground: str, guideline: str | None, clause: str | None, policy: Policy
) -> None:
    assert deciding_clause(NoticeAction(action), Ground(ground), guideline, policy) == clause


def test_a_clause_of_manners_is_no_ground_of_law(policy: Policy) -> None:
    with pytest.raises(Invalid) as refusal:
        deciding_clause(NoticeAction.REMOVE, Ground.ILLEGAL, "civil", policy)
    assert "illegal" in refusal.value.errors["guideline"][0]


def test_references_use_no_sign_that_looks_like_another() -> None:
    assert not set("01AEILOSU") & set(REFERENCE_ALPHABET)
    assert len(set(REFERENCE_ALPHABET)) == len(REFERENCE_ALPHABET)


def test_every_language_says_everything() -> None:
    for texts in NOTICE_TEXTS.values():
        assert set(texts.states) == {"open", "upheld", "dismissed"}
        receipt = texts.receipt.format(reference="N-1", received="R", due="D")
        assert all(part in receipt for part in ("N-1", "R", "D"))
