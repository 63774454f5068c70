"""One sentence for an author about what became of a comment."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.comment import CommentStatus
from service.domain.guideline import LocalGuideline

PENDING = "Your comment is stored and being checked. It will be public in a moment if all is well."
ASKED = (
    "Your comment is stored and not yet public. We ask you to read it once more: change it, take "
    "it back, or post it as it is. Without an answer it is taken as it is."
)
PUBLISHED = "Your comment is public."
QUEUED = "Your comment is public. A moderator will also look at it, because of clause {clause}."
DEMOTED = (
    "Your comment is public and ranked below others, because of clause {clause} of the community "
    "guidelines: {title}."
)
HELD = "Your comment waits for a moderator before it can be public."
HELD_FOR = (
    "Your comment waits for a moderator before it can be public. It may go against clause "
    "{clause} of the community guidelines: {title}."
)
UNSCORED = (
    "Your comment is stored. Our automatic check could not read it yet, so it waits: it will be "
    "checked again, or a moderator will see it."
)
REFUSED = "Your comment was {how}, because of clause {clause} of the community guidelines: {title}."
REFUSED_BARE = "Your comment was {how}."
HOW = {
    CommentStatus.REJECTED: "not published",
    CommentStatus.REMOVED: "removed",
    CommentStatus.HIDDEN: "hidden until a moderator has looked at it",
}
PLAIN = {
    CommentStatus.PENDING: PENDING,
    CommentStatus.WITHDRAWN: "You took this comment back.",
    CommentStatus.ERASED: "This comment was erased.",
}


def explain(
    status: CommentStatus,
    *,
    guideline: LocalGuideline | None,
    demoted: bool,
    queued: bool,
    unscored: bool,
) -> str:
    """The sentence for a status, naming the clause where one played a part."""
    if status in PLAIN:
        return PLAIN[status]
    if status in HOW:
        return _name(REFUSED, REFUSED_BARE, guideline, how=HOW[status])
    if status is CommentStatus.HELD:
        return UNSCORED if unscored else _name(HELD_FOR, HELD, guideline)
    if demoted:
        return _name(DEMOTED, PUBLISHED, guideline)
    return _name(QUEUED, PUBLISHED, guideline) if queued else PUBLISHED


def _name(with_clause: str, without: str, guideline: LocalGuideline | None, **values: str) -> str:
    if guideline is None:
        return without.format(**values)
    return with_clause.format(clause=guideline.clause, title=guideline.title, **values)


def guideline_of(guideline: str | None, fired: Sequence[str | None]) -> str | None:
    """The guideline to name: the decision's own, else that of the first rule that fired."""
    return guideline or next((name for name in fired if name), None)
