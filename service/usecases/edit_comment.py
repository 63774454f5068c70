"""An author changes a comment inside the edit window: a new revision, scored again."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus, check_edit, validate_body
from service.domain.errors import Conflict, Forbidden, NotFound
from service.domain.fingerprint import fingerprint
from service.models import Comment, CommentRevision, Event, Reader
from service.queries.comments import get_comment
from service.usecases.ask_author import Answer, note_answer
from service.usecases.context import Context
from service.usecases.draw_sample import void_samples
from service.usecases.open_review import note_change
from service.usecases.post_comment import origin
from service.usecases.visible_changes import VisibleChanges


def edit_comment(
    ctx: Context,
    *,
    comment_id: UUID,
    reader_id: UUID,
    body: str,
    revision: int | None = None,
) -> Comment:
    """Replace the text of one's own comment and send it back to be scored.

    `revision` is the one the author saw; another one in the meantime is a conflict. The same
    text again changes nothing. Earlier revisions are kept. While the author is asked to think
    again this is an answer, and the edit window is open until the question ends.

    Raises Invalid, Forbidden, NotFound or Conflict; nothing is stored then.
    """
    text = validate_body(body, max_chars=ctx.limits.comment_max_chars)
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        reader = session.get_one(Reader, reader_id)
        reader.check_may_speak(now)
        comment = lock_own(session, comment_id, reader_id)
        if revision is not None and revision != comment.revision:
            raise Conflict("The comment was changed meanwhile.", code="stale_revision")
        status = CommentStatus(comment.status)
        check_edit(
            status,
            created_at=comment.created_at,
            now=now,
            window_seconds=ctx.limits.edit_window,
            edit_until=comment.nudge_until or comment.edit_until,
            preserved=comment.legal_hold,
        )
        asked = comment.nudge_until is not None
        if asked:
            answer = Answer.KEPT if text == comment.body else Answer.EDITED
            note_answer(session, comment, answer, now)
            tx.after_commit.append(partial(ctx.metrics.record_nudge, answer.value))
        if text == comment.body:
            if asked:
                tx.after_commit.append(ctx.queue.nudge_scoring)
            return comment
        comment.revision += 1
        comment.body, comment.html = text, ctx.render(text)
        mark = fingerprint(text)
        comment.fingerprint, comment.bands = mark.exact, list(mark.bands)
        comment.edited_at = now
        comment.human_decision = "none"
        comment.lease_until, comment.attempts, comment.retry_at = None, 0, None
        session.add(_back_to_pending(comment, reader_id=reader_id, now=now, data=origin(ctx)))
        session.add(
            CommentRevision(
                comment_id=comment.id, revision=comment.revision, body=text, created_at=now
            )
        )
        comment.edit_until = None
        note_change(session, comment)
        void_samples(session, comment)
        changes = VisibleChanges()
        changes.add(comment, old=status.value)
        changes.apply(session)
        tx.after_commit.append(ctx.queue.nudge_scoring)
    ctx.metrics.record_comment(comment.status)
    return comment


def lock_own(session: Session, comment_id: UUID, reader_id: UUID) -> Comment:
    """Lock a reader's own comment. Raises NotFound, or Forbidden for somebody else's."""
    comment = session.get(Comment, comment_id, with_for_update={"key_share": True})
    if comment is None:
        raise NotFound("There is no comment with this id.", code="comment_not_found")
    if comment.reader_id != reader_id:
        if comment.status != CommentStatus.PUBLISHED:
            raise NotFound("There is no comment with this id.", code="comment_not_found")
        raise Forbidden("This is somebody else's comment.", code="not_yours")
    return get_comment(session, comment_id)


def _back_to_pending(
    comment: Comment, *, reader_id: UUID, now: datetime, data: dict[str, str]
) -> Event:
    if comment.status == CommentStatus.PENDING:
        return comment.event(
            "comment.edited", actor="reader", actor_id=reader_id, now=now, data=data
        )
    return comment.move_to(
        CommentStatus.PENDING,
        kind="comment.edited",
        actor="reader",
        actor_id=reader_id,
        now=now,
        data=data,
    )
