"""Reports by readers under a guideline, and sweeping those that look organised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from service.api import presenters, report_schemas, schemas
from service.api.app_state import api
from service.api.auth import (
    allow,
    allow_moderator,
    caller,
    limited,
    moderator_calling,
    reader_calling,
)
from service.api.blueprint import Blueprint
from service.api.report_limits import limited_reports
from service.domain.guideline import Policy
from service.domain.identity import Role
from service.domain.report_texts import ReportTexts, report_texts
from service.queries.reports import OwnReport, own_reports, sent_report
from service.usecases.identify_caller import CallerKind
from service.usecases.invalidate_reports import invalidate_reports
from service.usecases.report_comment import Sender, report_comment

blp = Blueprint("reports", __name__, description="Reports of comments by readers")


@blp.route("/comments/<uuid:comment_id>/reports", methods=["POST"])
@allow(CallerKind.READER, CallerKind.NOBODY)
@limited("write")
@limited_reports
@blp.arguments(report_schemas.ReportIn)
@blp.response(201, report_schemas.ReceiptOut)
@blp.alt_response(200, schema=report_schemas.ReceiptOut, description="Updated", success=True)
def create_report(fields: dict[str, Any], comment_id: UUID) -> Any:
    """Say that a comment breaks a guideline

    Anybody may where the site takes comments from guests, readers everywhere. One report per
    reader and comment: another one takes its place. For illegal content there are notices.
    """
    who, ctx = caller(), api().ctx
    browser = request.headers.get("User-Agent", "")
    sender = Sender(reader=who.reader, address=request.remote_addr, user_agent=browser)
    received = report_comment(ctx, site=who.site, comment_id=comment_id, sender=sender, **fields)
    with ctx.reading() as session:
        own = sent_report(session, received.report, ctx.clock())
    return _receipt(own, created=received.created), 201 if received.created else 200


@blp.route("/me/reports", methods=["GET"])
@allow(CallerKind.READER)
@blp.arguments(schemas.PageQuery, location="query")
@blp.response(200, report_schemas.OwnReportsOut)
def list_own_reports(query: dict[str, Any]) -> Any:
    """One's own reports, newest first, with what became of each"""
    ctx = api().ctx
    with ctx.reading() as session:
        found = own_reports(
            session,
            reader_id=reader_calling().id,
            after=query["cursor"],
            limit=query["limit"],
            now=ctx.clock(),
        )
    texts, policy, locale = _words()
    shown = [_report(own, texts, policy, locale) for own in found.items]
    return {"reports": shown, "next_cursor": presenters.next_cursor(found)}


@blp.route("/moderation/comments/<uuid:comment_id>/reports/invalidation", methods=["POST"])
@allow_moderator(Role.MODERATOR, Role.LEAD)
@blp.arguments(report_schemas.InvalidationIn)
@blp.response(200, report_schemas.InvalidationOut)
def sweep_reports(fields: dict[str, Any], comment_id: UUID) -> Any:
    """Close a comment's open reports that look organised, without a word on the comment"""
    swept = invalidate_reports(
        api().ctx,
        site_id=caller().site.id,
        comment_id=comment_id,
        moderator=moderator_calling(),
        only_suspected=fields["only_suspected"],
    )
    return {"invalidated": swept}


def _words() -> tuple[ReportTexts, Policy, str]:
    who = caller()
    locale = (who.reader.locale if who.reader else None) or who.site.locale
    return report_texts(locale), api().ctx.policy(who.site.id), locale


def _receipt(own: OwnReport, *, created: bool) -> dict[str, Any]:
    texts, policy, locale = _words()
    message = texts.thanks if created else texts.updated
    if own.report.already_reviewed:
        message = texts.looked_at
    return {"message": message, "report": _report(own, texts, policy, locale)}


def _report(own: OwnReport, texts: ReportTexts, policy: Policy, locale: str) -> dict[str, Any]:
    report = own.report
    stays = report.guideline in policy.guidelines
    return {
        "id": report.id,
        "comment_id": report.comment_id,
        "guideline": policy.for_locale(report.guideline, locale) if stays else None,
        "state": own.state.value,
        "outcome": texts.states[own.state.value],
        "already_reviewed": report.already_reviewed,
        "created_at": report.created_at,
        "updated_at": report.updated_at,
        "decided_at": own.decided_at,
    }
