"""A comment's life: its statuses, the moves between them, and what a body must be."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.errors import Conflict, Invalid

MAX_BLANK_LINES = 2


class CommentStatus(StrEnum):
    """What readers and moderators see of a comment."""

    PENDING = "pending"
    PUBLISHED = "published"
    HELD = "held"
    HIDDEN = "hidden"
    REJECTED = "rejected"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


_S = CommentStatus

MOVES: dict[CommentStatus, frozenset[CommentStatus]] = {
    # stored, not scored: the machine decides, or the author takes it back
    _S.PENDING: frozenset({_S.PUBLISHED, _S.HELD, _S.REJECTED, _S.WITHDRAWN, _S.ERASED}),
    # public: an edit sends it back to be scored; reports hide it; a person removes it
    _S.PUBLISHED: frozenset({_S.PENDING, _S.HIDDEN, _S.REMOVED, _S.WITHDRAWN, _S.ERASED}),
    # waits for a person; scored again when it was held for want of a score
    _S.HELD: frozenset({_S.PENDING, _S.PUBLISHED, _S.REJECTED, _S.WITHDRAWN, _S.ERASED}),
    # was public, hidden until a person looked
    _S.HIDDEN: frozenset({_S.PUBLISHED, _S.REMOVED, _S.WITHDRAWN, _S.ERASED}),
    # never public; an appeal can publish it, an undone decision puts it back
    _S.REJECTED: frozenset({_S.PUBLISHED, _S.HELD, _S.ERASED}),
    # was public; an appeal can restore it, an undone decision puts it back
    _S.REMOVED: frozenset({_S.PUBLISHED, _S.HIDDEN, _S.ERASED}),
    # taken back by its author: only a privacy request goes further
    _S.WITHDRAWN: frozenset({_S.ERASED}),
    _S.ERASED: frozenset(),
}

EDITABLE = frozenset({_S.PENDING, _S.PUBLISHED, _S.HELD})
WITHDRAWABLE = frozenset({_S.PENDING, _S.PUBLISHED, _S.HELD, _S.HIDDEN})


def check_move(old: CommentStatus, new: CommentStatus) -> None:
    """Raise Conflict where a comment may not go from `old` to `new`."""
    if new not in MOVES[old]:
        raise Conflict(f"A comment that is {old} cannot become {new}.", code="move_not_allowed")


def check_edit(
    status: CommentStatus,
    *,
    created_at: datetime,
    now: datetime,
    window_seconds: int,
    edit_until: datetime | None = None,
    preserved: bool = False,
) -> None:
    """Raise Conflict unless its author may still edit a comment.

    1. It is not kept as evidence.
    2. It is pending, published or held (a hidden or decided text stays as it was judged).
    3. No more than `window_seconds` have gone by since it was posted, or a moderator asked for
       the change and `edit_until` is not over.
    """
    if preserved:
        raise Conflict("This comment is kept as it is for a legal matter.", code="preserved")
    if status not in EDITABLE:
        raise Conflict(f"A comment that is {status} cannot be edited.", code="not_editable")
    asked_for = edit_until is not None and now <= edit_until
    if not asked_for and now > created_at + timedelta(seconds=window_seconds):
        raise Conflict("The time to edit this comment is over.", code="edit_window_over")


def validate_body(raw: str, *, max_chars: int) -> str:
    """The text of a comment as it is stored: NFC, trimmed, without control or bidi characters.

    `max_chars` counts the characters that remain. Raises Invalid naming `body`.
    """
    if "\x00" in raw:
        raise Invalid({"body": ["Must not contain NUL characters."]})
    if any("\ud800" <= ch <= "\udfff" for ch in raw):
        raise Invalid({"body": ["Must be valid Unicode: it contains a lone surrogate."]})
    text = _tidy(unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")))
    if not any(_is_visible(ch) for ch in text):
        raise Invalid({"body": ["Must not be empty."]})
    if len(text) > max_chars:
        raise Invalid({"body": [f"Must have at most {max_chars} characters, has {len(text)}."]})
    return text


# Overrides, embeddings and isolates can make a line read backwards; marks (LRM, RLM) are harmless.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _tidy(text: str) -> str:
    kept = "".join(
        ch for ch in text if ch in "\n\t" or (ch not in _BIDI and unicodedata.category(ch) != "Cc")
    )
    lines: list[str] = []
    blank = 0
    for line in kept.split("\n"):
        blank = 0 if line.strip() else blank + 1
        if blank <= MAX_BLANK_LINES:
            lines.append(line.rstrip())
    return "\n".join(lines).strip()


def _is_visible(ch: str) -> bool:
    return unicodedata.category(ch)[0] in "LNPS"
