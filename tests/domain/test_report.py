"""Who may report what, when a report reopens a review, and what visitors are known by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.comment import CommentStatus
from service.domain.errors import Conflict, Invalid, NotFound, ParleyError
from service.domain.report import (
    LastLook,
    base_rate,
    check_reportable,
    clean_detail,
    model_probability,
    most_reported,
    network_of,
    reopens,
    was_looked_at,
    week_of,
)
from service.domain.report_texts import REPORT_TEXTS, report_texts

pytestmark = pytest.mark.fast

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "is_own", "was_public", "kind", "code"),
    [
        ("published", True, True, Conflict, "own_comment"),
        ("withdrawn", True, True, Conflict, "own_comment"),
        ("withdrawn", False, True, Conflict, "comment_withdrawn"),
        ("removed", False, True, Conflict, "comment_removed"),
        ("pending", False, True, Conflict, "comment_being_checked"),
        ("held", False, True, Conflict, "comment_being_checked"),
        ("pending", False, False, NotFound, "comment_not_found"),
        ("held", False, False, NotFound, "comment_not_found"),
        ("rejected", False, False, NotFound, "comment_not_found"),
        ("erased", False, True, NotFound, "comment_not_found"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_its_own_code(
    status: str, is_own: bool, was_public: bool, kind: type[ParleyError], code: str
) -> None:
    with pytest.raises(kind) as refusal:
        check_reportable(CommentStatus(status), is_own=is_own, was_public=was_public)
    assert refusal.value.code == code


@pytest.mark.parametrize("status", ["published", "hidden"])
def test_somebody_elses_comment_that_can_be_or_just_was_seen_can_be_reported(status: str) -> None:
    check_reportable(CommentStatus(status), is_own=False, was_public=True)


@pytest.mark.parametrize(
    ("guideline", "hours", "looked_at"),
    [("civil", 1, True), ("civil", 23.9, True), ("civil", 24, False), ("spam", 1, False)],
)
def test_a_look_stands_for_a_day_and_for_its_own_guideline(
    guideline: str, hours: float, looked_at: bool
) -> None:
    look = LastLook(NOW - timedelta(hours=hours), {"civil"})
    assert was_looked_at(guideline, look, NOW) is looked_at


def test_without_a_look_at_this_revision_nothing_was_looked_at() -> None:
    assert not was_looked_at("civil", None, NOW)


@pytest.mark.parametrize(
    ("looked_at", "p_violation", "opens"),
    [(False, 0.01, True), (True, 0.94, False), (True, 0.95, True), (False, 0.99, True)],
)
def test_a_report_reopens_unless_looked_at_and_below_the_bar(
    looked_at: bool, p_violation: float, opens: bool
) -> None:
    assert reopens(looked_at=looked_at, p_violation=p_violation) is opens


def test_detail_is_tidied_and_limited() -> None:
    assert clean_detail("  He \u202elied\u202c.\x07  ") == "He lied."
    assert clean_detail("x" * 1_000) == "x" * 1_000
    assert clean_detail("  \n ") is None
    with pytest.raises(Invalid) as refusal:
        clean_detail("x" * 1_001)
    assert list(refusal.value.errors) == ["detail"]


def test_the_guideline_most_name_wins_and_the_first_among_equals() -> None:
    assert most_reported(["spam", "civil", "civil"]) == "civil"
    assert most_reported(["spam", "civil"]) == "spam"


@pytest.mark.parametrize(
    ("family", "expected"),
    [("toxic", 0.7), ("urgent", 0.7), ("spam", None), ("off_topic", None), ("legal", None)],
)
def test_toxicity_is_a_probability_for_abuse_and_threats_only(
    family: str, expected: float | None
) -> None:
    assert model_probability(family, 0.7) == expected


def test_the_base_rate_starts_at_three_per_cent_and_follows_the_site() -> None:
    assert base_rate(0, 0) == pytest.approx(0.03)
    assert base_rate(0, 1_000) < 0.01
    assert base_rate(1_000, 1_000) > 0.8


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", None),
        (None, None),
        ("not an address", None),
    ],
)
def test_addresses_are_known_by_their_network(address: str | None, network: str | None) -> None:
    assert network_of(address) == network


def test_a_visitor_is_somebody_else_in_the_next_week() -> None:
    assert week_of(NOW) == week_of(NOW + timedelta(days=6))
    assert week_of(NOW) != week_of(NOW + timedelta(days=7))


def test_every_language_says_everything() -> None:
    for texts in REPORT_TEXTS.values():
        assert set(texts.states) == {"open", "upheld", "dismissed", "invalidated"}
        assert all([texts.thanks, texts.updated, texts.looked_at, *texts.states.values()])
    assert report_texts("fr-BE") is REPORT_TEXTS["fr"]
    assert report_texts("nl") is REPORT_TEXTS["en"]
