"""Every action of a moderator in every state of a comment."""

from __future__ import annotations

import pytest

from service.domain.action import (
    ALLOWED_IN,
    CLOSING,
    RESTRICTIVE,
    CommentState,
    ModeratorAction,
    check_action,
    flags_of,
    named,
    state_after,
)
from service.domain.comment import MOVES, CommentStatus
from service.domain.errors import Conflict

pytestmark = pytest.mark.fast

A, S = ModeratorAction, CommentStatus

# action × status → status after, or None where it is refused
TABLE = [
    (A.APPROVE, S.HELD, S.PUBLISHED),  # waited, and is fit to be read
    (A.APPROVE, S.HIDDEN, S.PUBLISHED),  # hidden by reports, found harmless
    (A.APPROVE, S.PUBLISHED, S.PUBLISHED),  # looked at and kept
    (A.APPROVE, S.REMOVED, None),  # that is `restore`, and owes an explanation
    (A.APPROVE, S.WITHDRAWN, None),  # its author took it back
    (A.APPROVE, S.PENDING, None),  # the machine is not done yet
    (A.REJECT, S.HELD, S.REJECTED),  # never was public
    (A.REJECT, S.PUBLISHED, S.REMOVED),  # was public
    (A.REJECT, S.HIDDEN, S.REMOVED),  # was public before it was hidden
    (A.REMOVE, S.HELD, S.REJECTED),  # the other word for the same key
    (A.REMOVE, S.REMOVED, None),  # twice
    (A.REJECT, S.ERASED, None),  # nothing is left to judge
    (A.HIDE, S.PUBLISHED, S.HIDDEN),
    (A.HIDE, S.HELD, None),  # is not public anyway
    (A.RESTORE, S.REMOVED, S.PUBLISHED),
    (A.RESTORE, S.REJECTED, S.PUBLISHED),
    (A.RESTORE, S.HIDDEN, S.PUBLISHED),
    (A.RESTORE, S.PUBLISHED, None),
    (A.DEMOTE, S.PUBLISHED, S.PUBLISHED),
    (A.DEMOTE, S.HELD, None),
    (A.REQUEST_EDIT, S.HELD, S.HELD),
    (A.REQUEST_EDIT, S.REMOVED, None),
    (A.ACKNOWLEDGE, S.PUBLISHED, S.PUBLISHED),
    (A.ACKNOWLEDGE, S.WITHDRAWN, S.WITHDRAWN),
    (A.ACKNOWLEDGE, S.HELD, None),  # somebody waits for an answer
    (A.PRESERVE, S.REMOVED, S.REMOVED),  # evidence outlives the removal
]


@pytest.mark.parametrize(("action", "status", "after"), TABLE)
def test_an_action_leads_to_its_status_or_is_refused(
    action: ModeratorAction, status: CommentStatus, after: CommentStatus | None
) -> None:
    state = CommentState(status)
    if after is None:
        with pytest.raises(Conflict):
            check_action(action, state)
        return
    check_action(action, state)
    assert state_after(action, state).status is after


def test_every_status_an_action_leads_to_is_a_move_a_comment_may_make() -> None:
    for action, statuses in ALLOWED_IN.items():
        for status in statuses - {S.PENDING}:
            after = state_after(action, CommentState(status)).status
            assert after is status or after in MOVES[status], (action, status)


def test_the_record_says_whether_a_comment_was_rejected_or_removed() -> None:
    assert named(A.REMOVE, S.HELD) is A.REJECT
    assert named(A.REJECT, S.PUBLISHED) is A.REMOVE
    assert named(A.HIDE, S.PUBLISHED) is A.HIDE


def test_what_is_so_already_is_not_done_twice() -> None:
    demoted = CommentState(S.PUBLISHED, demoted=True)
    with pytest.raises(Conflict, match="nothing left"):
        check_action(A.DEMOTE, demoted)
    check_action(A.UNDEMOTE, demoted)


def test_a_comment_that_leaves_the_page_is_no_longer_featured() -> None:
    assert not state_after(A.REMOVE, CommentState(S.PUBLISHED, featured=True)).featured


def test_a_label_is_put_on_and_taken_off() -> None:
    labelled = state_after(A.LABEL, CommentState(S.PUBLISHED), label="The council denies this.")
    assert labelled.label == "The council denies this."
    assert state_after(A.UNLABEL, labelled).label is None


def test_restrictions_that_settle_a_case_are_those_that_take_the_comment_down_or_rank_it() -> None:
    assert RESTRICTIVE & CLOSING == {A.REJECT, A.REMOVE, A.DEMOTE}


@pytest.mark.parametrize("action", list(A))
def test_an_action_changes_the_flags_it_says_and_no_others(action: ModeratorAction) -> None:
    # A state in which every flag can still change either way.
    on = CommentState(
        S.PUBLISHED, demoted=True, label="old", locked=True, featured=True, preserved=True
    )
    off = CommentState(S.PUBLISHED)
    changed = {
        name
        for state in (on, off)
        for name in ("demoted", "label", "locked", "preserved", "featured")
        if getattr(state_after(action, state, label="new"), name) != getattr(state, name)
    }
    # What leaves the page is no longer featured, whatever took it off.
    leaves = state_after(action, on).status is not S.PUBLISHED
    assert changed == flags_of(action) | ({"featured"} if leaves else set())
