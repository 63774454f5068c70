"""Ask an author, once, to think again before a comment is public; and hear what they answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from service.domain.decision import Decision
from service.models import Comment
from service.usecases.open_review import close_unscored


class Answer(StrEnum):
    """What came of asking. Unanswered in time is taken as "post it"."""

    ASKED = "asked"
    KEPT = "kept"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def ask_author(
    session: Session, comment: Comment, decision: Decision, *, now: datetime, wait: timedelta
) -> None:
    """Leave a locked, pending comment with its author for as long as `wait`.

    No decision is taken: the comment stays pending, nobody scores it meanwhile, and when the
    author has answered, or the time is over, it is scored and decided as any other.
    """
    comment.nudged_at, comment.nudge_until = now, now + wait
    comment.nudge_guideline = decision.guideline
    comment.lease_until, comment.attempts = None, 0
    if comment.retries:
        close_unscored(session, comment, now)
        comment.retries, comment.retry_at = 0, None
    rules = [o.rule for o in decision.matched() if o.action == decision.action]
    data = {"guideline": decision.guideline, "rules": rules, "policy": decision.policy_version}
    session.add(comment.event("comment.nudged", actor="machine", now=now, data=data))


def note_answer(session: Session, comment: Comment, answer: Answer, now: datetime) -> None:
    """End the question on a locked comment, with one event that says how."""
    comment.nudge_until = None
    by_author = answer is not Answer.EXPIRED
    session.add(
        comment.event(
            "comment.reconsidered",
            actor="reader" if by_author else "machine",
            actor_id=comment.reader_id if by_author else None,
            now=now,
            data={"answer": answer.value},
        )
    )
