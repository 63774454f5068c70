"""Decided comments with what was decided, for measuring the models on one's own readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Comment, Decision

# What people or rules ended up showing, and what they ended up refusing.
SHOWN = frozenset({"published"})
REFUSED = frozenset({"rejected", "removed", "hidden"})
ROWS_AT_A_TIME = 500


def decided_comments(session: Session, *, site_id: UUID) -> Iterator[dict[str, Any]]:
    """One row per decision on a comment's present revision; what still waits is left out.

    `toxic` is 1 where the comment was refused, and 0 where it is public.
    """
    rows = session.execute(
        select(Comment, Decision)
        .join(
            Decision,
            (Decision.comment_id == Comment.id) & (Decision.revision == Comment.revision),
        )
        .where(Comment.site_id == site_id, Comment.status.in_(SHOWN | REFUSED))
        .order_by(Comment.id)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    for comment, decision in rows:
        yield {
            "id": str(comment.id),
            "text": comment.body,
            "toxic": int(comment.status in REFUSED),
            "action": decision.action,
            "guideline": decision.guideline,
            "automated": decision.automated,
            "scores": decision.signals.get("scores", {}),
            "decided_at": decision.created_at.isoformat(),
        }
