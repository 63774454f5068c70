"""Where a thread stands under `sort=top`, as docs/ranking.md says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from service.domain.errors import Invalid
from service.domain.ranking import (
    ADVANCE_HALF,
    ADVANCE_MAX,
    advance,
    rank,
    wilson_lower_bound,
)
from service.domain.reaction import changed_counts, shown_counts, validate_kinds

FOUND = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


# Worked by hand from Wilson's formula with z = 1.96.
@pytest.mark.parametrize(
    ("approving", "total", "bound"),
    [
        (0, 0, 0.0),
        (0, 10, 0.0),
        (1, 1, 0.2065),
        (3, 3, 0.4385),
        (5, 10, 0.2366),
        (90, 100, 0.8256),
        (1000, 1000, 0.9962),
    ],
)
def test_the_bound_is_wilsons(approving: float, total: float, bound: float) -> None:
    assert wilson_lower_bound(approving, total) == pytest.approx(bound, abs=1e-4)


@pytest.mark.parametrize(("approving", "total"), [(-1, 1), (2, 1)])
def test_numbers_that_cannot_be_are_refused(approving: float, total: float) -> None:
    with pytest.raises(ValueError, match="between"):
        wilson_lower_bound(approving, total)


def test_few_voices_prove_less_than_many() -> None:
    assert wilson_lower_bound(3, 3) < wilson_lower_bound(90, 100)


def test_every_reaction_raises_a_thread_and_never_past_one() -> None:
    for replies in (0, 1, 7, 300):
        ranks = [rank(reactions=n, replies=replies, advance=0.0) for n in range(200)]
        assert all(low < high for low, high in pairwise(ranks))
        assert ranks[-1] < 1


def test_replies_alone_never_prove_more_than_half_approval() -> None:
    assert 0 < rank(reactions=0, replies=1, advance=0.0) < 0.5
    assert rank(reactions=0, replies=100_000, advance=0.0) < 0.5


def test_replies_without_reactions_stand_below_as_many_reactions() -> None:
    assert rank(reactions=0, replies=9, advance=0.0) < rank(reactions=9, replies=0, advance=0.0)


def late(hours: float) -> float:
    return advance(article_at=FOUND, comment_at=FOUND + timedelta(hours=hours))


def test_the_advance_grows_with_lateness_and_stays_bounded() -> None:
    given = [late(hours) for hours in (0, 1, 12, 24, 240, 100_000)]
    assert given[0] == 0
    assert given == sorted(given)
    assert given[-1] <= ADVANCE_MAX
    half = advance(article_at=FOUND, comment_at=FOUND + ADVANCE_HALF)
    assert half == pytest.approx(ADVANCE_MAX / 2)


def test_a_comment_older_than_its_article_has_no_advance() -> None:
    assert late(-48) == 0


def test_being_late_never_beats_being_welcome() -> None:
    silent = rank(reactions=0, replies=0, advance=late(10_000))
    assert all(silent < rank(reactions=1, replies=n, advance=late(0)) for n in range(500))


def test_of_two_as_welcome_the_later_comes_first() -> None:
    early = rank(reactions=4, replies=2, advance=late(1))
    assert early < rank(reactions=4, replies=2, advance=late(9))


@pytest.mark.parametrize(
    "kinds", [["Respect"], [""], ["two words"], ["a", "a"], ["x" * 33], list("abcdefghi")]
)
def test_kinds_that_are_no_names_are_refused(kinds: list[str]) -> None:
    with pytest.raises(Invalid):
        validate_kinds(kinds)


def test_kinds_may_be_many_or_none() -> None:
    assert validate_kinds(["respect", "well_put"]) == ["respect", "well_put"]
    assert validate_kinds([]) == []


def test_counts_show_the_kinds_on_offer_and_forget_zeros() -> None:
    stored = changed_counts(changed_counts({}, "respect", 1), "insightful", 1)
    assert shown_counts(stored, ["respect", "funny"]) == {"respect": 1, "funny": 0}
    assert changed_counts(stored, "respect", -1) == {"insightful": 1}
