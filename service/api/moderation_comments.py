"""Moderators act on any comment, whether or not it is in the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import moderation_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.domain.action import ModeratorAction
from service.usecases.decide_comment import decide_comment
from service.usecases.take_decision import Verdict

blp = Blueprint("moderation comments", __name__, description="Acting on any comment")


@blp.route("/moderation/comments/<uuid:comment_id>/decisions", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(moderation_schemas.CommentDecisionIn)
@blp.response(201, moderation_schemas.DecisionOut)
def create_comment_decision(fields: dict[str, Any], comment_id: UUID) -> Any:
    """Decide on a comment that no queue holds; one that waits in a queue is decided there"""
    verdict = Verdict(
        action=fields["action"],
        guideline=fields["guideline"],
        note=fields["note"],
        label=fields["label"],
    )
    return _decide(comment_id, verdict, revision=fields["revision"])


@blp.route("/comments/<uuid:comment_id>/featured", methods=["PUT"])
@allow_moderator()
@limited("write")
@blp.response(200, moderation_schemas.DecisionOut)
def feature_comment(comment_id: UUID) -> Any:
    """Pick a comment for the newsroom's selection"""
    return _decide(comment_id, Verdict(action=ModeratorAction.FEATURE))


@blp.route("/comments/<uuid:comment_id>/featured", methods=["DELETE"])
@allow_moderator()
@limited("write")
@blp.response(200, moderation_schemas.DecisionOut)
def unfeature_comment(comment_id: UUID) -> Any:
    """Take a comment out of the newsroom's selection"""
    return _decide(comment_id, Verdict(action=ModeratorAction.UNFEATURE))


def _decide(comment_id: UUID, verdict: Verdict, *, revision: int | None = None) -> Any:
    return decide_comment(
        api().ctx,
        site_id=caller().site.id,
        comment_id=comment_id,
        actor=moderator_calling(),
        verdict=verdict,
        revision=revision,
    )
