"""A reader's own account: reading a warning, taking one's data out, being erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import account_schemas
from service.api.app_state import api
from service.api.auth import allow, caller, limited, reader_calling
from service.api.blueprint import Blueprint
from service.queries.reader_export import reader_export
from service.queries.sanctions import get_reader
from service.usecases.acknowledge_warning import acknowledge_warning
from service.usecases.erase_reader import erase_reader
from service.usecases.identify_caller import CallerKind

blp = Blueprint("own account", __name__, description="Warnings, export and erasure")


@blp.route("/me/warnings/<uuid:warning_id>/acknowledgement", methods=["POST"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(200, account_schemas.AcknowledgedOut)
def acknowledge(warning_id: UUID) -> Any:
    """Say that a warning was read; until then the next comment is refused"""
    return acknowledge_warning(
        api().ctx,
        site_id=caller().site.id,
        reader_id=reader_calling().id,
        sanction_id=warning_id,
    )


@blp.route("/me/export", methods=["GET"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(200, content_type="application/json")
def export_me() -> Any:
    """Everything stored of the reader who asks, as JSON"""
    with api().ctx.reading() as session:
        reader = get_reader(session, reader_calling().id, site_id=caller().site.id)
        return reader_export(session, reader)


@blp.route("/me", methods=["DELETE"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(200, account_schemas.ErasedOut)
def erase_me() -> Any:
    """Erase one's data for good: comments, name, everything written

    Comments that must be kept as evidence stay; the answer says which.
    """
    return erase_reader(api().ctx, site_id=caller().site.id, reader_id=reader_calling().id)
