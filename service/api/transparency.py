"""What goes to regulators: statements of reasons and the transparency report."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from service.api import presenters, transparency_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller
from service.api.blueprint import Blueprint
from service.domain.identity import Role
from service.domain.period import check_period
from service.domain.transparency import to_csv
from service.queries.statements import statement_batch
from service.queries.transparency import transparency_report

blp = Blueprint("transparency", __name__, description="For regulators and researchers")
CSV_TYPE = "text/csv; charset=utf-8"


@blp.route("/moderation/statements", methods=["GET"])
@allow_moderator(Role.LEAD, Role.LEGAL)
@blp.arguments(transparency_schemas.StatementsQuery, location="query")
@blp.response(200, transparency_schemas.StatementsOut)
def export_statements(query: dict[str, Any]) -> Any:
    """Statements of reasons as the EU's Transparency Database takes them, a hundred at a time

    The next batch is at the address in the `Link` header with `rel="next"`, if there is one.
    """
    ctx = api().ctx
    with ctx.reading() as session:
        found = statement_batch(
            session,
            site_id=caller().site.id,
            period=check_period(query["first"], query["last"]),
            now=ctx.clock(),
            after=query["cursor"],
        )
    return {"statements": found.items}, 200, _next_link(presenters.next_cursor(found))


@blp.route("/moderation/transparency", methods=["GET"])
@allow_moderator(Role.LEAD, Role.LEGAL)
@blp.arguments(transparency_schemas.TransparencyQuery, location="query")
@blp.response(200, transparency_schemas.TransparencyOut)
def show_transparency(query: dict[str, Any]) -> Any:
    """The figures of a transparency report for any period, as JSON or as CSV (RFC 4180)"""
    ctx = api().ctx
    period = check_period(query["first"], query["last"])
    with ctx.reading() as session:
        figures = transparency_report(
            session, site_id=caller().site.id, period=period, now=ctx.clock()
        )
    if query["format"] == "csv":
        return Response(to_csv(figures), content_type=CSV_TYPE)
    return {"first": period.first, "last": period.last, "figures": figures}


def _next_link(cursor: str | None) -> dict[str, str]:
    if cursor is None:
        return {}
    asked = {**request.args.to_dict(), "cursor": cursor}
    return {"Link": f'<{request.path}?{urlencode(asked)}>; rel="next"'}
