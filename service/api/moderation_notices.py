"""Notices of illegal content on the moderators' side: the list with its clocks, and decisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from service.api import notice_schemas, presenters
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.domain.identity import Role
from service.domain.notice import Ground, NoticeAction
from service.domain.report import NoticeState
from service.queries.notices import NoticeSeen, get_notice, notice_page, noticed_comment
from service.usecases.decide_notice import NoticeVerdict, decide_notice

blp = Blueprint("moderation_notices", __name__, description="Deciding notices of illegal content")

# Who decides notices, and so may know who sent them.
DECIDERS = (Role.LEGAL, Role.LEAD)
MINUTE = timedelta(minutes=1)


@blp.route("/moderation/notices", methods=["GET"])
@allow_moderator()
@blp.arguments(notice_schemas.NoticesQuery, location="query")
@blp.response(200, notice_schemas.NoticeRowsOut)
def list_notices(query: dict[str, Any]) -> Any:
    """Notices by state: open ones by when they are due, the others newest first"""
    ctx = api().ctx
    with ctx.reading() as session:
        found = notice_page(
            session,
            site_id=caller().site.id,
            state=NoticeState(query["state"]),
            after=query["cursor"],
            limit=query["limit"],
        )
    rows = [_row(seen, ctx.clock()) for seen in found.items]
    return {"notices": rows, "next_cursor": presenters.next_cursor(found)}


@blp.route("/moderation/notices/<uuid:notice_id>", methods=["GET"])
@allow_moderator()
@blp.response(200, notice_schemas.NoticeDetailOut)
def show_full_notice(notice_id: UUID) -> Any:
    """One notice in full; its sender's name and address for those who decide notices"""
    return _detail(notice_id)


@blp.route("/moderation/notices/<uuid:notice_id>/decisions", methods=["POST"])
@allow_moderator(*DECIDERS)
@limited("write")
@blp.arguments(notice_schemas.NoticeDecisionIn)
@blp.response(201, notice_schemas.NoticeDetailOut)
def create_notice_decision(fields: dict[str, Any], notice_id: UUID) -> Any:
    """Decide a notice; its sender is told the reason once the decision is final"""
    decide_notice(
        api().ctx,
        site_id=caller().site.id,
        notice_id=notice_id,
        moderator=moderator_calling(),
        verdict=NoticeVerdict(
            action=NoticeAction(fields["action"]),
            ground=Ground(fields["ground"]),
            guideline=fields["guideline"],
            reason=fields["reason"],
        ),
        version=fields["version"],
    )
    return _detail(notice_id)


def _row(seen: NoticeSeen, now: datetime) -> dict[str, Any]:
    notice = seen.notice
    is_open = notice.state == NoticeState.OPEN
    ended = now if is_open or notice.decided_at is None else notice.decided_at
    return {
        "id": notice.id,
        "reference": notice.reference,
        "comment_id": notice.comment_id,
        "category": notice.category,
        "state": notice.state,
        "received_at": notice.created_at,
        "due_at": notice.due_at,
        "minutes_left": (notice.due_at - now) // MINUTE if is_open else None,
        "breached": notice.due_at < ended,
        "decided_at": notice.decided_at,
        "decision_id": notice.decision_id,
    }


def _detail(notice_id: UUID) -> dict[str, Any]:
    ctx = api().ctx
    with ctx.reading() as session:
        seen = get_notice(session, notice_id, site_id=caller().site.id)
        comment = noticed_comment(session, seen.notice)
    notice = seen.notice
    may_know = moderator_calling().role in (*DECIDERS, Role.ADMIN)
    return {
        **_row(seen, ctx.clock()),
        "explanation": notice.explanation,
        "law": notice.law,
        "particulars": notice.particulars,
        "name": notice.name if may_know else None,
        "email": notice.email if may_know else None,
        "reader_id": notice.reader_id if may_know else None,
        "trusted_flagger": notice.trusted_flagger,
        "revision": notice.revision,
        "body_hash": notice.body_hash,
        "changed_since": comment.revision != notice.revision,
        "comment_status": comment.status,
        "answer": notice.answer,
    }
