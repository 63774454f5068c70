"""An author takes a comment back."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from service.domain.comment import WITHDRAWABLE, CommentStatus
from service.domain.errors import Conflict
from service.models import Comment
from service.usecases.ask_author import Answer, note_answer
from service.usecases.context import Context
from service.usecases.draw_sample import void_samples
from service.usecases.edit_comment import lock_own
from service.usecases.open_review import leave_queue
from service.usecases.visible_changes import VisibleChanges


def withdraw_comment(ctx: Context, *, comment_id: UUID, reader_id: UUID) -> Comment:
    """Withdraw one's own comment; doing it twice is fine. Its replies stay.

    Raises Forbidden, NotFound, or Conflict where it was already decided against.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        comment = lock_own(tx.session, comment_id, reader_id)
        if comment.status == CommentStatus.WITHDRAWN:
            return comment
        old = CommentStatus(comment.status)
        if comment.nudge_until is not None:
            note_answer(tx.session, comment, Answer.WITHDRAWN, now)
            tx.after_commit.append(partial(ctx.metrics.record_nudge, Answer.WITHDRAWN.value))
        if old not in WITHDRAWABLE:
            raise Conflict(f"A comment that is {old} cannot be withdrawn.", code="not_withdrawable")
        tx.session.add(
            comment.move_to(
                CommentStatus.WITHDRAWN,
                kind="comment.withdrawn",
                actor="reader",
                actor_id=reader_id,
                now=now,
            )
        )
        comment.retry_at = None
        leave_queue(tx.session, comment, now)
        void_samples(tx.session, comment)
        changes = VisibleChanges()
        changes.add(comment, old=old.value)
        changes.apply(tx.session)
    ctx.metrics.record_comment(comment.status)
    return comment
