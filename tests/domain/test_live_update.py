"""What readers with the page open are told of, event by event."""

from __future__ import annotations

import pytest

from service.domain.live_update import Change, as_seen_now, change_of

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("kind", "before", "after", "action", "seen"),
    [
        ("comment.published", "pending", "published", None, Change.PUBLISHED),
        ("comment.published", "hidden", "published", "restore", Change.PUBLISHED),
        ("comment.edited", "published", "pending", None, Change.GONE),
        ("comment.removed", "published", "removed", "remove", Change.GONE),
        ("comment.withdrawn", "published", "withdrawn", None, Change.GONE),
        ("comment.held", "pending", "held", None, None),
        ("comment.withdrawn", "held", "withdrawn", None, None),
        ("comment.erased", "removed", "erased", None, None),
        ("comment.posted", None, "pending", None, None),
        ("decision.made", None, "published", "feature", Change.CHANGED),
        ("decision.made", None, "published", "label", Change.CHANGED),
        ("decision.undone", None, "published", None, Change.CHANGED),
        ("thread.drifted", None, "published", None, Change.CHANGED),
        ("decision.made", None, "published", "approve", None),
        ("decision.made", None, "published", "preserve", None),
        ("decision.made", None, "held", "request_edit", None),
        # That somebody complained is nobody's business.
        ("report.received", None, "published", None, None),
        ("review.claimed", None, "published", None, None),
    ],
)
def test_only_what_readers_can_see_is_told(
    kind: str, before: str | None, after: str, action: str | None, seen: Change | None
) -> None:
    assert change_of(kind, before, after, action) is seen


@pytest.mark.parametrize(
    ("announced", "status", "edited", "told"),
    [
        (Change.PUBLISHED, "published", False, Change.PUBLISHED),
        (Change.PUBLISHED, "published", True, Change.EDITED),
        (Change.PUBLISHED, "removed", False, Change.GONE),
        (Change.GONE, "published", False, Change.PUBLISHED),
        (Change.CHANGED, "published", True, Change.CHANGED),
        (Change.CHANGED, "hidden", False, Change.GONE),
    ],
)
def test_what_is_told_is_how_the_comment_stands_now(
    announced: Change, status: str, edited: bool, told: Change
) -> None:
    assert as_seen_now(announced, status=status, edited_since=edited) is told
