"""Appeals as moderators see and answer them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import appeal_schemas, presenters
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, moderator_calling
from service.api.blueprint import Blueprint
from service.domain.appeal import AppealState
from service.queries.appeals import AppealCase, get_appeal, is_late, list_appeals, took_part
from service.usecases.decide_appeal import decide_appeal

blp = Blueprint("appeals", __name__, description="Appeals against decisions")
OWN_FIELDS = (
    "id",
    "decision_id",
    "comment_id",
    "party",
    "state",
    "body",
    "reasons",
    "due_at",
    "decided_at",
    "created_at",
    "reader_id",
    "notice_id",
    "decided_by",
    "outcome_id",
)


@blp.route("/moderation/appeals", methods=["GET"])
@allow_moderator()
@blp.arguments(appeal_schemas.AppealsQuery, location="query")
@blp.response(200, appeal_schemas.AppealsOut)
def list_all_appeals(query: dict[str, Any]) -> Any:
    """Appeals of the site: those that wait oldest first, all others newest first"""
    with api().ctx.reading() as session:
        found = list_appeals(
            session,
            site_id=caller().site.id,
            state=query["state"],
            after=query["cursor"],
            limit=query["limit"],
        )
        appeals = [_appeal(session, case) for case in found.items]
    return {"appeals": appeals, "next_cursor": presenters.next_cursor(found)}


@blp.route("/moderation/appeals/<uuid:appeal_id>", methods=["GET"])
@allow_moderator()
@blp.response(200, appeal_schemas.AppealOut)
def show_appeal(appeal_id: UUID) -> Any:
    """One appeal with its clock, the decision, its rules, and the statement of reasons"""
    with api().ctx.reading() as session:
        return _appeal(session, get_appeal(session, appeal_id, site_id=caller().site.id))


@blp.route("/moderation/appeals/<uuid:appeal_id>/decisions", methods=["POST"])
@allow_moderator()
@blp.arguments(appeal_schemas.AppealDecisionIn)
@blp.response(201, appeal_schemas.AppealOut)
def answer_appeal(fields: dict[str, Any], appeal_id: UUID) -> Any:
    """Uphold or overturn a decision one had no part in; the appellant is told the reasons

    Overturning an author's appeal puts everything back. Overturning a reporter's or notifier's
    appeal restricts the comment and needs a `guideline`.
    """
    ctx, site_id = api().ctx, caller().site.id
    decide_appeal(ctx, site_id=site_id, appeal_id=appeal_id, actor=moderator_calling(), **fields)
    with ctx.reading() as session:
        return _appeal(session, get_appeal(session, appeal_id, site_id=site_id))


def _appeal(session: Any, case: AppealCase) -> dict[str, Any]:
    """May this moderator answer it? Whoever had a part in the decision may not."""
    waits = case.appeal.state == AppealState.FILED
    return {
        **{name: getattr(case.appeal, name) for name in OWN_FIELDS},
        "is_late": is_late(case.appeal, api().ctx.clock()),
        "may_decide": waits and moderator_calling().id not in took_part(session, case.decision),
        "item_id": case.item_id,
        "article_key": case.article_key,
        "text": case.body,
        "decision": case.decision,
        "statement": case.statement,
    }
