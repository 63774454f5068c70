"""What a moderator can do with a comment, in which state, and what it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.comment import CommentStatus
from service.domain.errors import Conflict


class ModeratorAction(StrEnum):
    """One decision of a person on a comment."""

    APPROVE = "approve"  # may be public; stays or becomes so
    REJECT = "reject"  # never becomes public; what is public is removed
    REMOVE = "remove"  # another word for it, once it was public
    HIDE = "hide"  # not public until somebody decided
    RESTORE = "restore"  # public again after it was rejected, removed or hidden
    DEMOTE = "demote"  # public, ranked below others
    UNDEMOTE = "undemote"
    LABEL = "label"  # public, with a remark by the newsroom
    UNLABEL = "unlabel"
    LOCK = "lock"  # its thread takes no more replies
    UNLOCK = "unlock"
    FEATURE = "feature"
    UNFEATURE = "unfeature"
    REQUEST_EDIT = "request_edit"  # its author is asked to change it
    PRESERVE = "preserve"  # kept as evidence: not edited, not erased
    RELEASE = "release"
    ACKNOWLEDGE = "acknowledge"  # seen, nothing to do; says nothing about the reports


_A, _S = ModeratorAction, CommentStatus

# A restriction names the guideline that was broken, and owes its author a statement of reasons.
RESTRICTIVE = frozenset({_A.REJECT, _A.REMOVE, _A.HIDE, _A.DEMOTE, _A.LABEL, _A.LOCK})
# Breaches that count on the strikes ladder.
STRIKING = frozenset({_A.REJECT, _A.REMOVE})
# What settles the question why the comment is in the queue.
CLOSING = frozenset(
    {_A.APPROVE, _A.REJECT, _A.REMOVE, _A.RESTORE, _A.DEMOTE, _A.REQUEST_EDIT, _A.ACKNOWLEDGE}
)
# What answers a thread that has left its article, though the comment itself may wait for more.
DRIFT_ANSWERS = frozenset({_A.LOCK, _A.LABEL})
# A person found the comment fit to be public.
KEEPING = frozenset({_A.APPROVE, _A.RESTORE})

_PUBLIC = frozenset({_S.PUBLISHED})
_DECIDABLE = frozenset({_S.PUBLISHED, _S.HELD, _S.HIDDEN})
_ANY = frozenset(_S) - {_S.ERASED}

# Action → the statuses a comment may have for it.
ALLOWED_IN: dict[ModeratorAction, frozenset[CommentStatus]] = {
    _A.APPROVE: _DECIDABLE,
    _A.REJECT: _DECIDABLE,
    _A.REMOVE: _DECIDABLE,
    _A.HIDE: _PUBLIC,
    _A.RESTORE: frozenset({_S.HIDDEN, _S.REJECTED, _S.REMOVED}),
    _A.DEMOTE: _PUBLIC,
    _A.UNDEMOTE: _PUBLIC,
    _A.LABEL: _PUBLIC,
    _A.UNLABEL: _PUBLIC,
    _A.LOCK: _PUBLIC,
    _A.UNLOCK: _PUBLIC,
    _A.FEATURE: _PUBLIC,
    _A.UNFEATURE: _PUBLIC,
    _A.REQUEST_EDIT: frozenset({_S.PUBLISHED, _S.HELD}),
    _A.PRESERVE: _ANY,
    _A.RELEASE: _ANY,
    # What is held waits for an answer: somebody has to give one.
    _A.ACKNOWLEDGE: _ANY - {_S.HELD, _S.HIDDEN, _S.PENDING},
}

STATUS_AFTER: dict[tuple[ModeratorAction, CommentStatus], CommentStatus] = {
    (_A.APPROVE, _S.HELD): _S.PUBLISHED,
    (_A.APPROVE, _S.HIDDEN): _S.PUBLISHED,
    (_A.REJECT, _S.HELD): _S.REJECTED,
    (_A.REJECT, _S.PUBLISHED): _S.REMOVED,
    (_A.REJECT, _S.HIDDEN): _S.REMOVED,
    (_A.HIDE, _S.PUBLISHED): _S.HIDDEN,
    (_A.RESTORE, _S.HIDDEN): _S.PUBLISHED,
    (_A.RESTORE, _S.REJECTED): _S.PUBLISHED,
    (_A.RESTORE, _S.REMOVED): _S.PUBLISHED,
}


@dataclass(frozen=True, slots=True)
class CommentState:
    """The parts of a comment an action changes."""

    status: CommentStatus
    demoted: bool = False
    label: str | None = None
    locked: bool = False
    featured: bool = False
    preserved: bool = False


# Flags an action sets: name of the field and its value; a label's text comes with the call.
_FLAGS: dict[ModeratorAction, tuple[str, bool]] = {
    _A.DEMOTE: ("demoted", True),
    _A.UNDEMOTE: ("demoted", False),
    _A.LOCK: ("locked", True),
    _A.UNLOCK: ("locked", False),
    _A.FEATURE: ("featured", True),
    _A.UNFEATURE: ("featured", False),
    _A.PRESERVE: ("preserved", True),
    _A.RELEASE: ("preserved", False),
}


def flags_of(action: ModeratorAction) -> frozenset[str]:
    """The parts of a comment's state, besides its status, that an action sets."""
    if action in (_A.LABEL, _A.UNLABEL):
        return frozenset({"label"})
    flag = _FLAGS.get(action)
    return frozenset({flag[0]}) if flag is not None else frozenset()


def named(action: ModeratorAction, status: CommentStatus) -> ModeratorAction:
    """Reject and remove are one key on the desk: the record says which of them it was."""
    if action not in STRIKING:
        return action
    return _A.REJECT if status is _S.HELD else _A.REMOVE


def check_action(action: ModeratorAction, state: CommentState) -> None:
    """Raise Conflict unless the action makes sense for a comment in this state.

    1. A comment that is being scored is not decided by hand at the same time.
    2. Its status allows the action.
    3. The action changes something: what is so already is not done twice.
    """
    if state.status is _S.PENDING:
        raise Conflict("The comment is being checked; try again in a moment.", code="still_pending")
    if state.status not in ALLOWED_IN[action]:
        raise Conflict(
            f"A comment that is {state.status} cannot be given `{action}`.",
            code="action_not_allowed",
        )
    flag = _FLAGS.get(action)
    is_done = flag is not None and getattr(state, flag[0]) == flag[1]
    if is_done or (action is _A.UNLABEL and state.label is None):
        raise Conflict(f"There is nothing left to do for `{action}`.", code="already_so")


def state_after(
    action: ModeratorAction, state: CommentState, *, label: str | None = None
) -> CommentState:
    """The comment's state once the action was carried out; `check_action` comes first."""
    acting = _A.REJECT if action is _A.REMOVE else action
    status = STATUS_AFTER.get((acting, state.status), state.status)
    values = {
        "demoted": state.demoted,
        "locked": state.locked,
        "featured": state.featured,
        "preserved": state.preserved,
    }
    flag = _FLAGS.get(action)
    if flag is not None:
        values[flag[0]] = flag[1]
    remark = {_A.LABEL: label, _A.UNLABEL: None}.get(action, state.label)
    if status is not _S.PUBLISHED:
        values["featured"] = False
    return CommentState(status=status, label=remark, **values)
