"""The reader who asks: who they are, and what became of their comments."""

from __future__ import annotations

from typing import Any

from service.api import account_schemas, comment_schemas, presenters, schemas
from service.api.app_state import api
from service.api.auth import allow, caller, limited, reader_calling
from service.api.blueprint import Blueprint
from service.api.comments import own_comment
from service.queries.comments import own_comments
from service.queries.sanctions import open_warnings
from service.usecases.create_site import welcome_guest
from service.usecases.identify_caller import CallerKind

blp = Blueprint("me", __name__, description="The reader who asks")


@blp.route("/me", methods=["GET"])
@allow(CallerKind.READER)
@blp.response(200, account_schemas.AccountOut)
def show_me() -> Any:
    """Who the credential speaks of, in what standing, and which warnings are to be read"""
    reader, ctx = reader_calling(), api().ctx
    with ctx.reading() as session:
        warnings = open_warnings(session, reader.id) if reader.warning_id else ()
    return presenters.account(reader, warnings, ctx.policy(reader.site_id))


@blp.route("/me/comments", methods=["GET"])
@allow(CallerKind.READER)
@blp.arguments(schemas.PageQuery, location="query")
@blp.response(200, comment_schemas.OwnCommentsOut)
def list_own_comments(query: dict[str, Any]) -> Any:
    """One's own comments, newest first, with what became of each"""
    reader = reader_calling()
    with api().ctx.reading() as session:
        found = own_comments(
            session, reader_id=reader.id, after=query["cursor"], limit=query["limit"]
        )
        comments = [own_comment(session, comment) for comment in found.items]
    return {"comments": comments, "next_cursor": presenters.next_cursor(found)}


@blp.route("/guests", methods=["POST"])
@allow(CallerKind.NOBODY)
@limited("write")
@blp.arguments(schemas.GuestIn)
@blp.response(201, schemas.GuestOut)
def create_guest(fields: dict[str, Any]) -> Any:
    """A token for a guest, where the site takes comments from guests"""
    token = welcome_guest(api().ctx, site=caller().site, username=fields["username"])
    return {"token": token}
