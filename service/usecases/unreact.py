"""A reader takes a reaction back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from service.domain.comment import CommentStatus
from service.domain.errors import NotFound
from service.domain.reaction import changed_counts, unknown_kind
from service.models import Comment, Reaction, Reader, Site
from service.usecases.context import Context
from service.usecases.react import lock_for_reaction, tell_of_reaction
from service.usecases.touch_engagement import touch_engagement


def unreact(ctx: Context, *, site: Site, comment_id: UUID, reader: Reader, kind: str) -> Comment:
    """Take a reaction back; doing it twice is fine. Gives the comment with its counts.

    Always open to the reader who gave it: also while suspended, from a comment that is no longer
    public, and of a kind the site no longer offers.

    Raises Invalid for a kind that neither the site offers nor the comment has, and NotFound.
    """
    with ctx.transaction() as tx:
        comment = lock_for_reaction(tx.session, comment_id, site_id=site.id)
        if kind not in site.reactions and kind not in comment.reactions:
            raise unknown_kind(kind, site.reactions)
        gone = tx.session.execute(
            delete(Reaction)
            .where(
                Reaction.comment_id == comment.id,
                Reaction.reader_id == reader.id,
                Reaction.kind == kind,
            )
            .returning(Reaction.kind)
            .execution_options(synchronize_session=False)
        ).first()
        if gone is not None:
            comment.reactions = changed_counts(comment.reactions, kind, -1)
            comment.rerank()
            touch_engagement(tx.session, [comment], now=ctx.clock())
            tx.after_commit.append(lambda: tell_of_reaction(ctx, comment))
        elif comment.status != CommentStatus.PUBLISHED and comment.reader_id != reader.id:
            raise NotFound("There is no comment with this id.", code="comment_not_found")
    return comment
