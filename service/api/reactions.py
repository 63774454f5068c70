"""Reactions: giving one, taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import reaction_schemas
from service.api.app_state import api
from service.api.auth import allow, caller, limited, reader_calling
from service.api.blueprint import Blueprint
from service.domain.reaction import shown_counts
from service.usecases.identify_caller import CallerKind
from service.usecases.react import react
from service.usecases.unreact import unreact

blp = Blueprint("reactions", __name__, description="Reactions to comments")

ONE_REACTION = "/comments/<uuid:comment_id>/reactions/<string:kind>"


@blp.route(ONE_REACTION, methods=["PUT"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(200, reaction_schemas.ReactionsOut)
def give_reaction(comment_id: UUID, kind: str) -> Any:
    """React to somebody else's public comment

    Twice is as once. The answer is the comment's counts. A kind the site does not offer is
    refused with 422, one's own comment with 409, a suspended reader with 403.
    """
    site = caller().site
    comment = react(api().ctx, site=site, comment_id=comment_id, reader=reader_calling(), kind=kind)
    return {"reactions": shown_counts(comment.reactions, site.reactions)}


@blp.route(ONE_REACTION, methods=["DELETE"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(200, reaction_schemas.ReactionsOut)
def take_reaction_back(comment_id: UUID, kind: str) -> Any:
    """Take one's reaction back

    Twice is as once. It can be taken back also from a comment that is no longer public.
    """
    site = caller().site
    comment = unreact(
        api().ctx, site=site, comment_id=comment_id, reader=reader_calling(), kind=kind
    )
    return {"reactions": shown_counts(comment.reactions, site.reactions)}
