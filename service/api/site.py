"""What a page needs to know of its publication before it shows a conversation."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from service.api import schemas
from service.api.app_state import api
from service.api.auth import allow, caller
from service.api.blueprint import Blueprint
from service.api.caching import public_page
from service.usecases.identify_caller import CallerKind

blp = Blueprint("site", __name__, description="The publication")


class SiteOut(Schema):
    """A publication as its readers know it, and the limits their comments are held to."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    locale = fields.String()
    guests_allowed = fields.Boolean()
    comment_max_chars = fields.Integer()
    edit_window_seconds = fields.Integer()
    # Whether messages can come by e-mail (`/me/digest`).
    digest = fields.Boolean()
    live_url = fields.Url(
        allow_none=True,
        metadata={"description": "Where live updates are; null: ask now and then instead."},
    )


@blp.route("/site", methods=["GET"])
@public_page
@allow(CallerKind.NOBODY)
@blp.arguments(schemas.SiteQuery, location="query")
@blp.response(200, SiteOut)
def show_site(query: dict[str, Any]) -> Any:
    """The publication's name and language, whether guests may write, and how much and how long"""
    site, limits = caller().site, api().ctx.limits
    return {
        "key": site.key,
        "name": site.name,
        "locale": site.locale,
        "guests_allowed": site.guests_allowed,
        "comment_max_chars": limits.comment_max_chars,
        "edit_window_seconds": limits.edit_window,
        "digest": api().ctx.mail.offered,
        "live_url": api().live_url or None,
    }
