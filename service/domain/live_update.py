"""What readers who have the page open are told: which comment changed and how, never its text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from service.domain.action import ModeratorAction
from service.domain.comment import CommentStatus

PUBLISHED = CommentStatus.PUBLISHED.value
# Events that may change what an article says of itself: its mode, whether its talk drifted.
ARTICLE_KINDS = frozenset({"article.updated", "article.drifting", "article.returned"})
# Decisions that leave a public comment public and readers nothing to see.
UNSEEN = frozenset(
    {
        ModeratorAction.APPROVE,
        ModeratorAction.ACKNOWLEDGE,
        ModeratorAction.REQUEST_EDIT,
        ModeratorAction.PRESERVE,
        ModeratorAction.RELEASE,
    }
)
# Events on a comment whose status stays; anything else about it is nobody's business but ours.
SEEN_KINDS = frozenset(
    {
        "decision.made",
        "decision.reversed",
        "decision.undone",
        # On the top comment of a thread that left its article or came back to it.
        "thread.drifted",
        "thread.returned",
    }
)


class Change(StrEnum):
    """What happened to a comment, as readers see it."""

    PUBLISHED = "published"
    EDITED = "edited"  # public again after its author changed it
    GONE = "gone"
    CHANGED = "changed"  # still public; featured, labelled, locked, lowered or reacted to


@dataclass(frozen=True, slots=True)
class News:
    """Something about an article that readers may see. Without `comment_id` it is the article.

    `event_id` is its place in the log; reactions have none.
    """

    article_id: UUID
    comment_id: UUID | None = None
    event_id: int | None = None
    change: Change = Change.CHANGED


def change_of(
    kind: str, from_status: str | None, to_status: str | None, action: str | None
) -> Change | None:
    """What readers see of an event about a comment; None where they see nothing.

    1. It became public. 2. It was public and is no longer. 3. It stays public, and a person
    changed what is shown with it, or its thread drifted.
    Reports, claims, notes and scores never show.

    Args:
        action: what a decision's data names; None for other events.
    """
    if from_status is not None and from_status != to_status:
        if to_status == PUBLISHED:
            return Change.PUBLISHED
        return Change.GONE if from_status == PUBLISHED else None
    if kind in SEEN_KINDS and to_status == PUBLISHED and action not in UNSEEN:
        return Change.CHANGED
    return None


def as_seen_now(change: Change, *, status: str, edited_since: bool) -> Change:
    """The change readers are told of, by the comment's state when it is told.

    What was announced as public may be gone by then, and the other way round. `edited_since`:
    its author changed it after it was first public.
    """
    if status != PUBLISHED:
        return Change.GONE
    if change is Change.CHANGED:
        return Change.CHANGED
    return Change.EDITED if edited_since else Change.PUBLISHED
