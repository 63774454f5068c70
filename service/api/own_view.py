"""A reader's own view: muted and promoted readers, hidden comments, what one reacted to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import reaction_schemas
from service.api.app_state import api
from service.api.auth import allow, caller, limited, reader_calling
from service.api.blueprint import Blueprint
from service.domain.comment import CommentStatus
from service.queries import own_view as queries
from service.queries.articles import get_article
from service.usecases.hide_for_reader import hide_for_reader
from service.usecases.identify_caller import CallerKind
from service.usecases.mute_reader import mute_reader
from service.usecases.promote_reader import promote_reader
from service.usecases.unhide_for_reader import unhide_for_reader
from service.usecases.unmute_reader import unmute_reader
from service.usecases.unpromote_reader import unpromote_reader

blp = Blueprint("own view", __name__, description="What one reader's own view leaves out or lifts")


@blp.route("/me/view", methods=["GET"])
@allow(CallerKind.READER)
@blp.arguments(reaction_schemas.ViewQuery, location="query")
@blp.response(200, reaction_schemas.OwnViewOut)
def show_view(query: dict[str, Any]) -> Any:
    """What to leave out, put first and mark on one's own page of an article

    Threads themselves are the same for everybody; whoever shows them applies this.
    """
    with api().ctx.reading() as session:
        article = get_article(session, site_id=caller().site.id, key=query["article"])
        return queries.own_view(session, reader_id=reader_calling().id, article_id=article.id)


@blp.route("/me/mutes", methods=["GET"])
@allow(CallerKind.READER)
@blp.response(200, reaction_schemas.OwnReadersOut)
def list_mutes() -> Any:
    """Whom one muted, by name; at most 1,000"""
    with api().ctx.reading() as session:
        return {"readers": queries.muted_readers(session, reader_calling().id)}


@blp.route("/me/promoted", methods=["GET"])
@allow(CallerKind.READER)
@blp.response(200, reaction_schemas.OwnReadersOut)
def list_promoted() -> Any:
    """Whom one promoted, by name; at most 1,000"""
    with api().ctx.reading() as session:
        return {"readers": queries.promoted_readers(session, reader_calling().id)}


@blp.route("/me/hidden", methods=["GET"])
@allow(CallerKind.READER)
@blp.response(200, reaction_schemas.HiddenCommentsOut)
def list_hidden() -> Any:
    """Comments one hid, latest first; at most 1,000"""
    with api().ctx.reading() as session:
        found = queries.hidden_comments(session, reader_calling().id)
    return {"comments": [_hidden(seen) for seen in found]}


@blp.route("/me/mutes/<uuid:reader_id>", methods=["PUT"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(204)
def put_mute(reader_id: UUID) -> None:
    """Mute a reader: their comments leave one's own view; they are not told"""
    mute_reader(
        api().ctx, site_id=caller().site.id, reader_id=reader_calling().id, muted_id=reader_id
    )


@blp.route("/me/mutes/<uuid:reader_id>", methods=["DELETE"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(204)
def delete_mute(reader_id: UUID) -> None:
    """See a muted reader's comments again"""
    unmute_reader(api().ctx, reader_id=reader_calling().id, muted_id=reader_id)


@blp.route("/me/promoted/<uuid:reader_id>", methods=["PUT"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(204)
def put_promoted(reader_id: UUID) -> None:
    """Promote a reader: their comments come first in one's own view"""
    promote_reader(
        api().ctx, site_id=caller().site.id, reader_id=reader_calling().id, promoted_id=reader_id
    )


@blp.route("/me/promoted/<uuid:reader_id>", methods=["DELETE"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(204)
def delete_promoted(reader_id: UUID) -> None:
    """No longer put a reader's comments first"""
    unpromote_reader(api().ctx, reader_id=reader_calling().id, promoted_id=reader_id)


@blp.route("/me/hidden/<uuid:comment_id>", methods=["PUT"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(204)
def put_hidden(comment_id: UUID) -> None:
    """Hide one comment from one's own view"""
    hide_for_reader(
        api().ctx, site_id=caller().site.id, reader_id=reader_calling().id, comment_id=comment_id
    )


@blp.route("/me/hidden/<uuid:comment_id>", methods=["DELETE"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(204)
def delete_hidden(comment_id: UUID) -> None:
    """Show a hidden comment again"""
    unhide_for_reader(api().ctx, reader_id=reader_calling().id, comment_id=comment_id)


def _hidden(seen: queries.HiddenSeen) -> dict[str, Any]:
    shown = seen.comment.status == CommentStatus.PUBLISHED
    return {
        "id": seen.comment.id,
        "article_key": seen.article_key,
        "author": seen.comment.reader if shown else None,
        "hidden_at": seen.hidden_at,
    }
