"""Decisions as the people they concern see them, and appeals against them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import appeal_schemas, presenters, schemas
from service.api.app_state import api
from service.api.auth import allow, caller, limited, reader_calling
from service.api.blueprint import Blueprint
from service.queries.appeals import own_appeals
from service.queries.own_decisions import OwnDecision, own_decisions
from service.usecases.file_appeal import appeal_of_notice, file_appeal, file_notice_appeal
from service.usecases.identify_caller import CallerKind

blp = Blueprint("decisions", __name__, description="Decisions that concern the reader, and appeals")


@blp.route("/me/decisions", methods=["GET"])
@allow(CallerKind.READER)
@blp.arguments(schemas.PageQuery, location="query")
@blp.response(200, appeal_schemas.OwnDecisionsOut)
def list_own_decisions(query: dict[str, Any]) -> Any:
    """Restrictions of oneself and one's comments, newest first, each with its reasons

    They are listed once they are final. `can_appeal` and `appeal_until` say whether and until
    when an appeal is possible.
    """
    ctx = api().ctx
    with ctx.reading() as session:
        found = own_decisions(
            session,
            reader_id=reader_calling().id,
            now=ctx.clock(),
            after=query["cursor"],
            limit=query["limit"],
        )
    decisions = [_own_decision(item) for item in found.items]
    return {"decisions": decisions, "next_cursor": presenters.next_cursor(found)}


@blp.route("/me/appeals", methods=["GET"])
@allow(CallerKind.READER)
@blp.arguments(schemas.PageQuery, location="query")
@blp.response(200, appeal_schemas.OwnAppealsOut)
def list_own_appeals(query: dict[str, Any]) -> Any:
    """One's own appeals, newest first, with the answers"""
    with api().ctx.reading() as session:
        found = own_appeals(
            session, reader_id=reader_calling().id, after=query["cursor"], limit=query["limit"]
        )
    return {"appeals": found.items, "next_cursor": presenters.next_cursor(found)}


@blp.route("/decisions/<uuid:decision_id>/appeals", methods=["POST"])
@allow(CallerKind.READER)
@limited("write")
@blp.arguments(appeal_schemas.AppealIn)
@blp.response(201, appeal_schemas.OwnAppealOut)
def create_appeal(fields: dict[str, Any], decision_id: UUID) -> Any:
    """Appeal against a decision, as the reader it concerns or as one whose report it closed

    Free of charge, within six months; a person who did not take the decision will answer.
    """
    return file_appeal(
        api().ctx,
        site_id=caller().site.id,
        decision_id=decision_id,
        reader_id=reader_calling().id,
        body=fields["body"],
    )


@blp.route("/notices/<string:reference>/appeals", methods=["POST"])
@allow(CallerKind.NOBODY)
@limited("write")
@blp.arguments(appeal_schemas.NoticeSecretHeaders, location="headers")
@blp.arguments(appeal_schemas.AppealIn)
@blp.response(201, appeal_schemas.OwnAppealOut)
def create_notice_appeal(headers: dict[str, Any], fields: dict[str, Any], reference: str) -> Any:
    """Appeal against the decision on one's notice, with the secret from its receipt"""
    return file_notice_appeal(
        api().ctx,
        site_id=caller().site.id,
        reference=reference,
        secret=headers["secret"],
        body=fields["body"],
    )


@blp.route("/notices/<string:reference>/appeals", methods=["GET"])
@allow(CallerKind.NOBODY)
@limited("write")
@blp.arguments(appeal_schemas.NoticeSecretHeaders, location="headers")
@blp.response(200, appeal_schemas.OwnAppealOut)
def show_notice_appeal(headers: dict[str, Any], reference: str) -> Any:
    """The newest appeal of a notice's sender, with the answer once there is one"""
    return appeal_of_notice(
        api().ctx, site_id=caller().site.id, reference=reference, secret=headers["secret"]
    )


def _own_decision(found: OwnDecision) -> dict[str, Any]:
    decision = found.decision
    return {
        "id": decision.id,
        "action": decision.action,
        "comment_id": decision.comment_id,
        "decided_at": decision.created_at,
        "reversed_at": decision.reversed_at,
        "statement": found.statement,
        "appeal": found.appeal,
        "can_appeal": found.can_appeal,
        "appeal_until": found.appeal_until,
    }
