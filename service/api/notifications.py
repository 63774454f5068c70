"""What the reader is told, and in which language."""

from __future__ import annotations

from typing import Any

from service.api import appeal_schemas, presenters, schemas
from service.api.app_state import api
from service.api.auth import allow, limited, reader_calling
from service.api.blueprint import Blueprint
from service.queries.notifications import own_notifications, unread_count
from service.usecases.change_settings import change_settings
from service.usecases.identify_caller import CallerKind
from service.usecases.read_notifications import read_notifications

blp = Blueprint("notifications", __name__, description="Messages to the reader")


@blp.route("/me/notifications", methods=["GET"])
@allow(CallerKind.READER)
@blp.arguments(schemas.PageQuery, location="query")
@blp.response(200, appeal_schemas.NotificationsOut)
def list_notifications(query: dict[str, Any]) -> Any:
    """One's messages, newest first, and how many were not read yet"""
    ctx, reader = api().ctx, reader_calling()
    now = ctx.clock()
    with ctx.reading() as session:
        unread = unread_count(session, reader_id=reader.id, now=now)
        found = own_notifications(
            session, reader_id=reader.id, now=now, after=query["cursor"], limit=query["limit"]
        )
    return {
        "unread": unread,
        "notifications": found.items,
        "next_cursor": presenters.next_cursor(found),
    }


@blp.route("/me/notifications/read", methods=["POST"])
@allow(CallerKind.READER)
@limited("write")
@blp.arguments(appeal_schemas.ReadIn)
@blp.response(200, appeal_schemas.ReadOut)
def mark_notifications_read(fields: dict[str, Any]) -> Any:
    """Mark messages as read: those named, or all"""
    ids = fields["ids"]
    return {"read": read_notifications(api().ctx, reader_id=reader_calling().id, ids=ids)}


@blp.route("/me/settings", methods=["PUT"])
@allow(CallerKind.READER)
@limited("write")
@blp.arguments(appeal_schemas.SettingsIn)
@blp.response(200, appeal_schemas.SettingsOut)
def put_settings(fields: dict[str, Any]) -> Any:
    """Choose the language of statements of reasons

    English, Irish, German, French and Spanish are there; others fall back to the site's own.
    """
    return change_settings(api().ctx, reader_id=reader_calling().id, locale=fields["locale"])
