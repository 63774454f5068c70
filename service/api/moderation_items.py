"""One review item: all that is needed to decide, and the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import item_presenters, item_schemas, moderation_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.queries.review import get_item
from service.queries.review_item import item_view
from service.queries.similar_decisions import similar_decisions
from service.usecases.decide_item import decide_item
from service.usecases.decide_items import BulkEntry, decide_items
from service.usecases.escalate_item import escalate_item
from service.usecases.record_exposure import record_exposure
from service.usecases.reverse_own_decision import reverse_own_decision
from service.usecases.take_decision import Verdict

blp = Blueprint("moderation items", __name__, description="Review items and decisions")


@blp.route("/moderation/items/<uuid:item_id>", methods=["GET"])
@allow_moderator()
@blp.response(200, item_schemas.ItemViewOut)
def show_item(item_id: UUID) -> Any:
    """One item with its thread, article, scores, rules, reports, author's record, precedents"""
    ctx, me, site_id = api().ctx, moderator_calling(), caller().site.id
    now = ctx.clock()
    with ctx.reading() as session:
        view = item_view(session, get_item(session, item_id, site_id=site_id), now=now)
        similar = similar_decisions(session, view.comment, item_presenters.scores_of(view))
    record_exposure(ctx, moderator_id=me.id, severe=view.item.severe)
    return item_presenters.item_view(
        view, similar, ctx.policy(site_id), moderator_id=me.id, now=now
    )


@blp.route("/moderation/items/<uuid:item_id>/decisions", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(moderation_schemas.DecisionIn)
@blp.response(201, moderation_schemas.ItemDecidedOut)
def create_decision(fields: dict[str, Any], item_id: UUID) -> Any:
    """Decide on an item as it was seen; a restriction names the guideline that was broken

    A stale `version`, a lost claim or another moderator's claim is a conflict; nothing changes.
    """
    done = decide_item(
        api().ctx,
        site_id=caller().site.id,
        item_id=item_id,
        actor=moderator_calling(),
        verdict=_verdict(fields),
        version=fields["version"],
        claim_id=fields["claim_id"],
    )
    return {
        "decision": done.decision,
        "comparison": done.comparison,
        "state": done.item.state,
        "version": done.item.version,
    }


@blp.route("/moderation/decisions", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(moderation_schemas.BulkIn)
@blp.response(200, moderation_schemas.BulkOut)
def create_decisions(fields: dict[str, Any]) -> Any:
    """The same verdict on many items; each result says whether it was carried out"""
    results = decide_items(
        api().ctx,
        site_id=caller().site.id,
        entries=[BulkEntry(**entry) for entry in fields["items"]],
        actor=moderator_calling(),
        verdict=_verdict(fields),
    )
    return {"results": [_result(result) for result in results]}


@blp.route("/decisions/<uuid:decision_id>/reversal", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(moderation_schemas.ReversalIn)
@blp.response(201, moderation_schemas.DecisionOut)
def create_reversal(fields: dict[str, Any], decision_id: UUID) -> Any:
    """Take a decision back: unseen within the undo window, openly later"""
    return reverse_own_decision(
        api().ctx,
        site_id=caller().site.id,
        decision_id=decision_id,
        actor=moderator_calling(),
        note=fields["note"],
    )


@blp.route("/moderation/items/<uuid:item_id>/escalation", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(moderation_schemas.EscalationIn)
@blp.response(204)
def create_escalation(fields: dict[str, Any], item_id: UUID) -> None:
    """Hand an item to a lead, to the legal desk, or to somebody for a second opinion"""
    opinion = fields["opinion"]
    escalate_item(
        api().ctx,
        site_id=caller().site.id,
        item_id=item_id,
        actor=moderator_calling(),
        to=fields["to"],
        version=fields["version"],
        opinion=_verdict(opinion) if opinion is not None else None,
    )


def _verdict(fields: dict[str, Any]) -> Verdict:
    return Verdict(
        action=fields["action"],
        guideline=fields["guideline"],
        note=fields["note"],
        label=fields["label"],
    )


def _result(result: Any) -> dict[str, Any]:
    return {
        "item_id": result.item_id,
        "ok": result.error is None,
        "decision_id": result.decision_id,
        "version": result.version,
        "code": result.error.code if result.error else None,
        "detail": result.error.detail if result.error else None,
    }
