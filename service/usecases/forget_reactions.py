"""Part of an erasure: a reader's reactions go, and the counts they were in follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.domain.reaction import changed_counts
from service.models import Comment, Reaction
from service.usecases.touch_engagement import touch_engagement


def forget_reactions(
    session: Session, reader_id: UUID, comments: Sequence[Comment], *, now: datetime
) -> None:
    """Delete the reader's reactions to these locked comments.

    To be called before statements that change the comments past the session's objects. What the
    reader does while the erasure runs, to comments not locked for it, counts as done after it.
    """
    known = {comment.id: comment for comment in comments}
    gone = session.execute(
        delete(Reaction)
        .where(Reaction.reader_id == reader_id, Reaction.comment_id.in_(known))
        .returning(Reaction.comment_id, Reaction.kind)
        .execution_options(synchronize_session=False)
    ).all()
    for comment_id, kind in gone:
        comment = known[comment_id]
        comment.reactions = changed_counts(comment.reactions, kind, -1)
        comment.rerank()
    session.flush()
    touch_engagement(session, (known[comment_id] for comment_id, _ in gone), now=now)
