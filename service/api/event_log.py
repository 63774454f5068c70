"""The log: everything that happened at a site, for its moderators."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response

from service.api import event_log_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller
from service.api.blueprint import Blueprint
from service.queries.event_log import LogFilter, log_page, log_rows
from service.usecases.context import Context

blp = Blueprint("log", __name__, description="The log")

COLUMNS = (
    "id",
    "created_at",
    "kind",
    "actor",
    "actor_id",
    "comment_id",
    "article_id",
    "reader_id",
    "revision",
    "from_status",
    "to_status",
    "data",
)
FILTERS = ("kind", "comment", "reader", "moderator", "article", "since", "until")


@blp.route("/moderation/log", methods=["GET"])
@allow_moderator()
@blp.arguments(event_log_schemas.LogQuery, location="query")
@blp.response(200, event_log_schemas.LogOut)
def show_log(query: dict[str, Any]) -> Any:
    """What happened, newest first, as JSON by pages or as one CSV file

    `format=csv` gives everything that fits the filters, up to 100,000 rows.
    """
    ctx, site_id = api().ctx, caller().site.id
    wanted = LogFilter(**{name: query[name] for name in FILTERS})
    if query["format"] == "csv":
        return _as_csv(ctx, wanted, site_id)
    with ctx.reading() as session:
        events, following = log_page(
            session, wanted, site_id=site_id, before=query["cursor"], limit=query["limit"]
        )
    return {"events": events, "next_cursor": following}


def _as_csv(ctx: Context, wanted: LogFilter, site_id: UUID) -> Response:
    """RFC 4180 in UTF-8, sent while it is read."""
    headers = {"Content-Disposition": "attachment; filename=parley-log.csv"}
    return Response(_lines(ctx, wanted, site_id), content_type="text/csv", headers=headers)


def _lines(ctx: Context, wanted: LogFilter, site_id: UUID) -> Iterator[str]:
    yield _line(COLUMNS)
    with ctx.reading() as session:
        for row in log_rows(session, wanted, site_id=site_id):
            values = [getattr(row, name) for name in COLUMNS[:-1]]
            values[1] = row.created_at.isoformat()
            yield _line([*values, json.dumps(row.data, sort_keys=True)])


def _line(values: Any) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue()
