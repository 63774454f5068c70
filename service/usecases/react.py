"""A reader reacts to a comment."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.errors import Conflict, NotFound
from service.domain.reaction import changed_counts, unknown_kind
from service.models import Comment, Reaction, Reader, Site
from service.usecases.context import Context
from service.usecases.touch_engagement import touch_engagement


def react(ctx: Context, *, site: Site, comment_id: UUID, reader: Reader, kind: str) -> Comment:
    """Give a reaction; giving it twice is fine. Gives the comment with its counts.

    1. The site offers the kind. 2. The reader may speak. 3. The comment is of this site.
    4. It is somebody else's. 5. It is public. A closed article still takes reactions.
    The row, the count on the comment and the rank change together, under the comment's lock. The
    append-only log says nothing of it: who liked what is the reader's own and can be erased.

    Raises Invalid, Forbidden, NotFound or Conflict.
    """
    if kind not in site.reactions:
        raise unknown_kind(kind, site.reactions)
    now = ctx.clock()
    reader.check_may_speak(now)
    with ctx.transaction() as tx:
        comment = lock_for_reaction(tx.session, comment_id, site_id=site.id)
        if comment.reader_id == reader.id:
            raise Conflict("This comment is your own.", code="own_comment")
        if comment.status != CommentStatus.PUBLISHED:
            raise NotFound("There is no comment with this id.", code="comment_not_found")
        new = tx.session.execute(
            insert(Reaction)
            .values(
                comment_id=comment.id,
                reader_id=reader.id,
                kind=kind,
                article_id=comment.article_id,
                created_at=now,
            )
            .on_conflict_do_nothing()
            .returning(Reaction.kind)
        ).first()
        if new is not None:
            comment.reactions = changed_counts(comment.reactions, kind, 1)
            comment.rerank()
            touch_engagement(tx.session, [comment], now=now)
            tx.after_commit.append(lambda: tell_of_reaction(ctx, comment))
    return comment


def tell_of_reaction(ctx: Context, comment: Comment) -> None:
    """Let the readers who have the page open see new counts, if the comment is public."""
    if comment.status == CommentStatus.PUBLISHED:
        ctx.live.comment_changed(article_id=comment.article_id, comment_id=comment.id)


def lock_for_reaction(session: Session, comment_id: UUID, *, site_id: UUID) -> Comment:
    """Lock one comment of the site, and nothing else of its thread. Raises NotFound."""
    comment = session.execute(
        select(Comment)
        .where(Comment.id == comment_id, Comment.site_id == site_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if comment is None:
        raise NotFound("There is no comment with this id.", code="comment_not_found")
    return comment
