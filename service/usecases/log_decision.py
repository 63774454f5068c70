"""The line in the log that says what was decided: ids and our own words, never a text."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from service.models import Comment

log = logging.getLogger("parley.decision")


def log_decision(
    comment: Comment,
    *,
    action: str,
    rules: Iterable[str],
    policy: str,
    by: str,
    **origin: str | None,
) -> None:
    """Log a decision on a comment's present revision.

    Args:
        by: "machine" or "moderator".
        origin: `request_id` where it is not that of the line's own request: the one the text came
            with, or None where that is not known.
    """
    log.info(
        "decision",
        extra={
            "comment_id": str(comment.id),
            "revision": comment.revision,
            "status": comment.status,
            "action": action,
            "rules": list(rules),
            "policy": policy,
            "by": by,
            **origin,
        },
    )
