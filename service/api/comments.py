"""Comments: reading threads, posting, editing, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.api import comment_schemas, presenters, schemas
from service.api.app_state import api
from service.api.auth import allow, caller, limited, reader_calling
from service.api.blueprint import Blueprint
from service.api.caching import public_page
from service.domain.errors import NotFound
from service.queries.articles import article_key_of, get_article
from service.queries.comments import get_comment, reply_page, thread_page
from service.queries.nudges import nudge_of
from service.queries.outcomes import just_posted, outcome_of
from service.usecases.edit_comment import edit_comment
from service.usecases.identify_caller import CallerKind
from service.usecases.keep_comment import keep_comment
from service.usecases.post_comment import post_comment
from service.usecases.withdraw_comment import withdraw_comment

blp = Blueprint("comments", __name__, description="Threads and comments")


@blp.route("/articles/<article_key:key>/comments", methods=["GET"])
@public_page
@allow(CallerKind.NOBODY)
@blp.arguments(comment_schemas.ThreadQuery, location="query")
@blp.response(200, comment_schemas.ThreadPageOut)
def list_threads(query: dict[str, Any], key: str) -> Any:
    """One page of threads, each with its first replies

    `newest` and `oldest` go by time. `top` goes by how sure a thread's welcome is (reactions, and
    replies as half a voice each) with an advance for coming late; `featured` puts the newsroom's
    picks first, then the newest. Comments lowered in rank come last. A cursor belongs to the sort
    it came from.
    """
    with api().ctx.reading() as session:
        article = get_article(session, site_id=caller().site.id, key=key)
        found = thread_page(
            session,
            article_id=article.id,
            sort=query["sort"],
            after=query["cursor"],
            limit=query["limit"],
        )
    line, kinds = api().ctx.policy(caller().site.id).drift.line, caller().site.reactions
    return {
        "comment_count": article.published_count,
        "drifting": line and article.drifting_since is not None,
        "threads": [presenters.thread(item, kinds, drift_line=line) for item in found.items],
        "next_cursor": presenters.next_cursor(found),
    }


@blp.route("/comments/<uuid:comment_id>/replies", methods=["GET"])
@public_page
@allow(CallerKind.NOBODY)
@blp.arguments(schemas.PageQuery, location="query")
@blp.response(200, comment_schemas.ReplyPageOut)
def list_replies(query: dict[str, Any], comment_id: UUID) -> Any:
    """All replies below a comment, oldest first, each naming its parent"""
    with api().ctx.reading() as session:
        comment = get_comment(session, comment_id, site_id=caller().site.id)
        found = reply_page(session, comment=comment, after=query["cursor"], limit=query["limit"])
    kinds = caller().site.reactions
    replies = [presenters.public_comment(reply, kinds) for reply in found.items]
    return {"replies": replies, "next_cursor": presenters.next_cursor(found)}


@blp.route("/articles/<article_key:key>/comments", methods=["POST"])
@allow(CallerKind.READER)
@limited("comment")
@blp.arguments(comment_schemas.WriteHeaders, location="headers")
@blp.arguments(comment_schemas.CommentIn)
@blp.response(202, comment_schemas.OwnCommentOut)
def create_comment(headers: dict[str, Any], fields: dict[str, Any], key: str) -> Any:
    """Post a comment or a reply

    It is stored at once and checked within moments; the answer shows it as its author sees it.
    Sent again with the same `Idempotency-Key` it is posted once.
    """
    ctx = api().ctx
    posted = post_comment(
        ctx,
        site_id=caller().site.id,
        article_key=key,
        reader=reader_calling(),
        body=fields["body"],
        parent_id=fields["parent_id"],
        idempotency_key=headers["idempotency_key"],
    )
    if not posted.created:
        return _own(posted.comment)
    return presenters.own_comment(
        posted.comment,
        article_key=key,
        outcome=just_posted(),
        edit_window=ctx.limits.edit_window,
        kinds=caller().site.reactions,
    )


@blp.route("/comments/<uuid:comment_id>", methods=["GET"])
@allow(CallerKind.READER, CallerKind.NOBODY)
@blp.response(200, comment_schemas.OwnCommentOut)
def show_comment(comment_id: UUID) -> Any:
    """One comment: one's own in any state with the reasons for it, others if they are public"""
    who = caller()
    with api().ctx.reading() as session:
        comment = get_comment(session, comment_id, site_id=who.site.id)
        if who.reader is not None and comment.reader_id == who.reader.id:
            return _own(comment)
        if comment.status != "published":
            raise NotFound("There is no comment with this id.", code="comment_not_found")
        key = article_key_of(session, comment.article_id)
    return {**presenters.public_comment(comment, who.site.reactions), "article_key": key}


@blp.route("/comments/<uuid:comment_id>", methods=["PATCH"])
@allow(CallerKind.READER)
@limited("write")
@blp.arguments(comment_schemas.CommentEdit)
@blp.response(202, comment_schemas.OwnCommentOut)
def change_comment(fields: dict[str, Any], comment_id: UUID) -> Any:
    """Change one's own comment inside the edit window: a new revision, checked again"""
    comment = edit_comment(
        api().ctx,
        comment_id=comment_id,
        reader_id=reader_calling().id,
        body=fields["body"],
        revision=fields["revision"],
    )
    return _own(comment)


@blp.route("/comments/<uuid:comment_id>", methods=["DELETE"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(200, comment_schemas.OwnCommentOut)
def delete_comment(comment_id: UUID) -> Any:
    """Take one's own comment back; its replies stay"""
    return _own(withdraw_comment(api().ctx, comment_id=comment_id, reader_id=reader_calling().id))


@blp.route("/comments/<uuid:comment_id>/reconsideration", methods=["POST"])
@allow(CallerKind.READER)
@limited("write")
@blp.arguments(comment_schemas.Reconsideration)
@blp.response(202, comment_schemas.OwnCommentOut)
def reconsider_comment(fields: dict[str, Any], comment_id: UUID) -> Any:
    """Asked to think again: post one's own comment as it is

    To change it send `PATCH`, to take it back `DELETE`. Without an answer until `nudge.until`
    it is taken as "post it as it is". Once the question is over this changes nothing.
    """
    return _own(keep_comment(api().ctx, comment_id=comment_id, reader_id=reader_calling().id))


def _own(comment: Any) -> dict[str, Any]:
    with api().ctx.reading() as session:
        return own_comment(session, comment)


def own_comment(session: Session, comment: Any) -> dict[str, Any]:
    """A comment as its author sees it, with what became of it."""
    ctx, locale = api().ctx, comment.reader.locale
    policy = ctx.policy(comment.site_id)
    return presenters.own_comment(
        comment,
        article_key=article_key_of(session, comment.article_id),
        outcome=outcome_of(
            session,
            comment,
            in_force=policy,
            stored=ctx.policy.stored,
            locale=locale,
        ),
        nudge=nudge_of(session, comment, policy, locale),
        edit_window=ctx.limits.edit_window,
        kinds=caller().site.reactions,
    )
