"""A comment's statuses and the moves between them; what a body must be."""

from __future__ import annotations

import pytest

from service.domain.comment import MOVES, CommentStatus, check_move, validate_body
from service.domain.errors import Conflict, Invalid

S = CommentStatus

# Every pair of statuses: may a comment go from the first to the second?
ALLOWED = {
    (S.PENDING, S.PUBLISHED),  # scored, nothing to object to
    (S.PENDING, S.HELD),  # a person must look, or no score could be had
    (S.PENDING, S.REJECTED),  # a rule refuses it outright
    (S.PENDING, S.WITHDRAWN),  # the author changed their mind before it was checked
    (S.PENDING, S.ERASED),  # privacy request
    (S.PUBLISHED, S.PENDING),  # edited: a new revision is scored again
    (S.PUBLISHED, S.HIDDEN),  # reliable reports hide it until a person looks
    (S.PUBLISHED, S.REMOVED),  # a person takes it down
    (S.PUBLISHED, S.WITHDRAWN),
    (S.PUBLISHED, S.ERASED),
    (S.HELD, S.PENDING),  # edited, or scored again after the model came back
    (S.HELD, S.PUBLISHED),  # a person approves
    (S.HELD, S.REJECTED),  # a person refuses
    (S.HELD, S.WITHDRAWN),
    (S.HELD, S.ERASED),
    (S.HIDDEN, S.PUBLISHED),  # a person restores
    (S.HIDDEN, S.REMOVED),  # a person confirms
    (S.HIDDEN, S.WITHDRAWN),
    (S.HIDDEN, S.ERASED),
    (S.REJECTED, S.PUBLISHED),  # appeal or reversal
    (S.REJECTED, S.HELD),  # the decision was undone at once
    (S.REJECTED, S.ERASED),
    (S.REMOVED, S.PUBLISHED),  # appeal or reversal
    (S.REMOVED, S.HIDDEN),  # the decision was undone at once
    (S.REMOVED, S.ERASED),
    (S.WITHDRAWN, S.ERASED),
}


@pytest.mark.parametrize("old", list(S))
@pytest.mark.parametrize("new", list(S))
def test_a_comment_moves_only_along_the_table(old: S, new: S) -> None:
    if (old, new) in ALLOWED:
        check_move(old, new)
        return
    with pytest.raises(Conflict) as refusal:
        check_move(old, new)
    assert refusal.value.code == "move_not_allowed"


def test_every_status_has_its_moves_written_down() -> None:
    assert set(MOVES) == set(S)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\u200b\u200b", "empty"),  # zero-width spaces only
        ("\u202e", "empty"),  # a lone override
        ("a\x00b", "NUL"),
        ("a\ud800b", "surrogate"),
        ("x" * 51, "at most 50"),
    ],
)
def test_a_body_that_cannot_be_stored_is_refused_by_name(raw: str, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        validate_body(raw, max_chars=50)
    assert message in refusal.value.errors["body"][0]


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("x" * 50, "x" * 50),  # exactly at the limit
        ("  Dia duit, a Sheáin!  ", "Dia duit, a Sheáin!"),
        ("e\u0301", "\u00e9"),  # composed
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("safe\u202etxt.exe", "safetxt.exe"),  # no text that reads backwards
        ("👩‍🚒 well done", "👩‍🚒 well done"),  # joiners inside emoji stay
        ("👍", "👍"),
    ],
)
def test_a_body_is_tidied_and_otherwise_kept(raw: str, stored: str) -> None:
    assert validate_body(raw, max_chars=50) == stored
