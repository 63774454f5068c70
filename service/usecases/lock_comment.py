"""Lock a comment for a change: always the comments first, in the order of their ids."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.domain.errors import NotFound
from service.models import Comment


def lock_comment(session: Session, comment_id: UUID, *, site_id: UUID) -> Comment:
    """Lock one comment and the top of its thread; its reader comes with it.

    Raises NotFound where the site has no such comment.
    """
    found = [c for c in lock_comments(session, [comment_id]) if c.site_id == site_id]
    if not found:
        raise NotFound("There is no comment with this id.", code="comment_not_found")
    return found[0]


def lock_comments(session: Session, ids: Sequence[UUID]) -> list[Comment]:
    """Lock comments, and the tops of their threads whose counters may change, in id order.

    Gives the comments asked for. All who lock several rows keep to: comments, then review items,
    then readers, then articles; so nobody waits in a circle.
    """
    roots = select(Comment.root_id).where(Comment.id.in_(ids)).scalar_subquery()
    rows = session.scalars(
        select(Comment)
        .where(Comment.id.in_(ids) | Comment.id.in_(roots))
        .order_by(Comment.id)
        .options(joinedload(Comment.reader, innerjoin=True))
        .with_for_update(key_share=True, of=Comment)
        .execution_options(populate_existing=True)
    ).all()
    wanted = set(ids)
    return [row for row in rows if row.id in wanted]
