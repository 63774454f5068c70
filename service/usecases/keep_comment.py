"""An author who was asked to think again says: post it as it is."""

from __future__ import annotations

from uuid import UUID

from service.domain.errors import Conflict
from service.models import Comment
from service.usecases.ask_author import Answer, note_answer
from service.usecases.context import Context
from service.usecases.edit_comment import lock_own


def keep_comment(ctx: Context, *, comment_id: UUID, reader_id: UUID) -> Comment:
    """Send one's own comment on to be decided as it stands; saying so twice is fine.

    Once the question is over (answered, or the time ran out) this changes nothing. Raises
    Conflict `not_asked` where the author was never asked, NotFound or Forbidden.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        comment = lock_own(tx.session, comment_id, reader_id)
        if comment.nudged_at is None:
            raise Conflict("You were not asked to reconsider this comment.", code="not_asked")
        if comment.nudge_until is None:
            return comment
        note_answer(tx.session, comment, Answer.KEPT, now)
        tx.after_commit.append(ctx.queue.nudge_scoring)
    ctx.metrics.record_nudge(Answer.KEPT.value)
    return comment
