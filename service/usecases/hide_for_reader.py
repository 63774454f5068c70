"""A reader hides one comment from the own view."""

from __future__ import annotations

from uuid import UUID

from service.domain.comment import CommentStatus
from service.domain.errors import Conflict, NotFound
from service.models import HiddenComment
from service.queries.comments import get_comment
from service.usecases.context import Context
from service.usecases.own_lists import lock_owner, put_on_list


def hide_for_reader(ctx: Context, *, site_id: UUID, reader_id: UUID, comment_id: UUID) -> None:
    """Hide a public comment of the same site for this reader alone; twice is fine.

    Raises NotFound, or Conflict for one's own comment and where the list is full.
    """
    with ctx.transaction() as tx:
        comment = get_comment(tx.session, comment_id, site_id=site_id)
        if comment.reader_id == reader_id:
            raise Conflict("This comment is your own.", code="own_comment")
        if comment.status != CommentStatus.PUBLISHED:
            raise NotFound("There is no comment with this id.", code="comment_not_found")
        owner = lock_owner(tx.session, reader_id, site_id=site_id)
        row = HiddenComment(
            reader_id=owner.id,
            comment_id=comment.id,
            article_id=comment.article_id,
            created_at=ctx.clock(),
        )
        put_on_list(tx.session, owner, row)
