"""Notices of illegal content: anybody gives one, and follows it by reference and secret."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import notice_schemas
from service.api.app_state import api
from service.api.auth import allow, caller
from service.api.blueprint import Blueprint
from service.api.report_limits import limited_notices
from service.domain.notice import NoticeCategory
from service.domain.notice_texts import notice_texts
from service.domain.report import NoticeState
from service.queries.notices import NoticeSeen, find_notice
from service.usecases.give_notice import NoticeFields, give_notice
from service.usecases.identify_caller import CallerKind

blp = Blueprint("notices", __name__, description="Notices of illegal content")

WHEN = "%Y-%m-%d %H:%M UTC"


@blp.route("/comments/<uuid:comment_id>/notices", methods=["POST"])
@allow(CallerKind.READER, CallerKind.NOBODY)
@limited_notices
@blp.arguments(notice_schemas.NoticeIn)
@blp.response(201, notice_schemas.NoticeReceiptOut)
def create_notice(fields: dict[str, Any], comment_id: UUID) -> Any:
    """Give notice that a comment is illegal

    Needs no account. Every notice is kept and answered by a person; the receipt says by when.
    Keep its reference and secret: with both the answer is found here.
    """
    who = caller()
    category = NoticeCategory(fields.pop("category"))
    given = give_notice(
        api().ctx,
        site=who.site,
        comment_id=comment_id,
        reader=who.reader,
        fields=NoticeFields(category=category, **fields),
    )
    return {**_shown(NoticeSeen(given.notice, None)), "secret": given.secret}


@blp.route("/notices/<string:reference>", methods=["GET"])
@allow(CallerKind.NOBODY)
@blp.arguments(notice_schemas.SecretHeader, location="headers")
@blp.response(200, notice_schemas.NoticeOut)
def show_notice(headers: dict[str, Any], reference: str) -> Any:
    """What became of one's notice, the answer, and what can be done against it"""
    ctx = api().ctx
    with ctx.reading() as session:
        found = find_notice(
            session,
            site_id=caller().site.id,
            reference=reference,
            secret_hash=ctx.credentials.hash_api_key(headers["secret"]),
        )
    return _shown(found)


def _shown(seen: NoticeSeen) -> dict[str, Any]:
    who, notice = caller(), seen.notice
    texts = notice_texts((who.reader.locale if who.reader else None) or who.site.locale)
    told = seen.told(api().ctx.clock())
    state = NoticeState(notice.state) if told else NoticeState.OPEN
    return {
        "reference": notice.reference,
        "comment_id": notice.comment_id,
        "category": notice.category,
        "state": state.value,
        "outcome": texts.states[state.value],
        "receipt": texts.receipt.format(
            reference=notice.reference,
            received=notice.created_at.strftime(WHEN),
            due=notice.due_at.strftime(WHEN),
        ),
        "received_at": notice.created_at,
        "due_at": notice.due_at,
        "decided_at": notice.decided_at if told else None,
        "answer": notice.answer if told else None,
        "automation": texts.automation,
        "redress": texts.redress,
    }
