"""Which events are told of, how long a message waits for its next try, when an address is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from service.domain.webhook import (
    DISABLE_AFTER,
    PATIENCE,
    PAUSE_MOST,
    WAITS,
    Happened,
    is_given_up,
    next_try,
    pause_until,
    secrets_in_force,
    types_of,
)

pytestmark = pytest.mark.fast
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "types"),
    [
        ("pending", "published", ["comment.published"]),
        ("pending", "held", ["comment.held"]),
        ("pending", "rejected", ["comment.rejected"]),
        ("published", "hidden", ["comment.hidden"]),
        ("hidden", "published", ["comment.published"]),
        ("published", "removed", ["comment.removed"]),
        ("published", "withdrawn", ["comment.removed"]),
        ("pending", "withdrawn", ["comment.removed"]),
        ("published", "erased", ["comment.removed"]),
        ("removed", "erased", []),
        ("rejected", "erased", []),
        ("withdrawn", "erased", []),
        ("published", "pending", []),
        ("published", "published", []),
        (None, "pending", []),
        ("normal", "banned", []),
    ],
)
def test_a_comment_in_another_status_is_told_of(
    old: str | None, new: str, types: list[str]
) -> None:
    happened = Happened(kind="comment.something", from_status=old, to_status=new)
    assert list(types_of(happened)) == types


@pytest.mark.parametrize(
    ("kind", "old", "new", "automated", "action", "types"),
    [
        ("comment.published", "pending", "published", True, "publish", ["comment.published"]),
        ("comment.held", "pending", "held", True, "hold", ["comment.held", "decision.made"]),
        ("comment.published", "pending", "published", True, "queue", None),
        ("comment.published", "held", "published", False, "approve", None),
        ("comment.removed", "published", "removed", False, "remove", None),
        ("decision.made", None, "published", False, "label", ["decision.made"]),
        ("decision.reversed", "removed", "published", False, "reverse", None),
        ("decision.reversed", None, "published", False, "reverse", ["decision.made"]),
        ("decision.undone", "removed", "published", False, "undo", []),
        ("notice.decided", None, "removed", False, "remove", []),
    ],
)
def test_decisions_are_told_of_but_not_each_harmless_comment_s(
    kind: str,
    old: str | None,
    new: str,
    automated: bool,
    action: str,
    types: list[str] | None,
) -> None:
    happened = Happened(
        kind=kind, from_status=old, to_status=new, automated=automated, action=action
    )
    expected = [f"comment.{new}", "decision.made"] if types is None else types
    assert list(types_of(happened)) == expected


@pytest.mark.parametrize(
    "kind", ["report.received", "notice.received", "appeal.filed", "article.drifting"]
)
def test_what_comes_in_has_types_of_its_own(kind: str) -> None:
    happened = Happened(kind=kind, to_status="published", action="remove")
    assert list(types_of(happened)) == [kind]


def test_a_report_that_only_changed_is_not_told_again() -> None:
    assert types_of(Happened(kind="report.received", data={"created": False})) == ()


@pytest.mark.parametrize(
    "kind", ["user.banned", "article.updated", "webhook.added", "review.claimed", "thread.drifted"]
)
def test_everything_else_is_nobodys_business(kind: str) -> None:
    assert types_of(Happened(kind=kind)) == ()


def test_waits_grow_over_three_days_and_end() -> None:
    tries = [next_try(n, NOW, jitter=0) for n in range(1, len(WAITS) + 2)]
    waits = [found - NOW for found in tries if found]
    assert waits == list(WAITS)
    assert all(earlier < later for earlier, later in pairwise(waits))
    assert sum(waits, timedelta()) > DISABLE_AFTER
    assert tries[-1] is None


def test_jitter_lengthens_a_wait_by_a_fifth_at_most() -> None:
    first, last = next_try(2, NOW, jitter=0), next_try(2, NOW, jitter=1)
    assert first == NOW + timedelta(minutes=5)
    assert last == NOW + timedelta(minutes=6)


@pytest.mark.parametrize(
    ("asked", "wait"), [(60, 60), (1, 5), (-3, 5), (None, 5), (10**9, 24 * 3600)]
)
def test_retry_after_lengthens_a_wait_within_bounds(asked: float | None, wait: int) -> None:
    assert next_try(1, NOW, jitter=0, retry_after=asked) == NOW + timedelta(seconds=wait)


def test_a_webhook_is_left_alone_longer_the_more_often_it_fails() -> None:
    assert [pause_until(n, NOW) for n in range(1, PATIENCE)] == [None] * (PATIENCE - 1)
    pauses = [pause_until(n, NOW) for n in range(PATIENCE, 100)]
    waits = [found - NOW for found in pauses if found]
    assert waits[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert waits[-1] == PAUSE_MOST
    assert pause_until(1, NOW, retry_after=90) == NOW + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("days", "failures", "over"),
    [(0, 0, False), (2.9, 500, False), (3, 9, False), (3, 10, True), (None, 0, False)],
)
def test_an_address_is_given_up_after_days_and_tries(
    days: float | None, failures: int, over: bool
) -> None:
    since = NOW - timedelta(days=days) if days is not None else None
    assert is_given_up(since, failures, NOW) is over


def test_an_old_secret_signs_until_its_time_is_over() -> None:
    until = (NOW + timedelta(hours=24)).isoformat()
    secrets: list[dict[str, str | None]] = [
        {"sealed": "new", "until": None},
        {"sealed": "old", "until": until},
    ]
    assert secrets_in_force(secrets, NOW) == ["new", "old"]
    assert secrets_in_force(secrets, NOW + timedelta(hours=24)) == ["new"]
