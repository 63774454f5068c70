"""Tell an author what a person decided about a comment, once it can no longer be undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from service.domain.action import RESTRICTIVE, ModeratorAction
from service.models import Comment, Decision
from service.queries.notifications import FEATURED
from service.usecases.notify import notify

# What an author is told of by itself; the rest is seen with the comment.
TOLD = {
    ModeratorAction.RESTORE: "decision.made",
    ModeratorAction.REQUEST_EDIT: "decision.made",
    ModeratorAction.FEATURE: FEATURED,
    **dict.fromkeys(RESTRICTIVE, "decision.made"),
}


def tell_author(
    session: Session,
    *,
    comment: Comment,
    decision: Decision,
    action: ModeratorAction,
    now: datetime,
) -> None:
    """One message, shown when the decision is final; none for actions that are not `TOLD`."""
    if action not in TOLD:
        return
    notify(
        session,
        site_id=comment.site_id,
        kind=TOLD[action],
        now=now,
        send_at=decision.final_at,
        reader_id=comment.reader_id,
        comment_id=comment.id,
        decision_id=decision.id,
        data={"action": decision.action, "guideline": decision.guideline},
    )
