"""E-mails to the reader: whether, how often, where to."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from service.api.app_state import api
from service.api.auth import allow, caller, limited, reader_calling
from service.api.blueprint import Blueprint
from service.api.schemas import moment
from service.domain.digest import Frequency
from service.queries.digests import digest_of
from service.usecases.choose_digest import check_offered, choose_digest, stop_digest
from service.usecases.identify_caller import CallerKind

blp = Blueprint("digest", __name__, description="E-mails to the reader")

FREQUENCIES = [frequency.value for frequency in Frequency]


class DigestIn(Schema):
    """How often at most."""

    frequency = fields.String(required=True, validate=validate.OneOf(FREQUENCIES))


class DigestOut(Schema):
    """What the reader chose; all null where nothing was.

    `stopped_reason` says why no more letters come although the reader did not end them:
    `address_refused`.
    """

    frequency = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    stopped_reason = fields.String(allow_none=True)
    next_at = moment(allow_none=True)
    sent_at = moment(allow_none=True)


@blp.route("/me/digest", methods=["GET"])
@allow(CallerKind.READER)
@blp.response(200, DigestOut)
def show_digest() -> Any:
    """Whether one's messages come by e-mail

    404 with the code `mail_off` where e-mails are not offered.
    """
    check_offered(api().ctx)
    with api().ctx.reading() as session:
        return _shown(digest_of(session, reader_calling().id))


@blp.route("/me/digest", methods=["PUT"])
@allow(CallerKind.READER)
@limited("write")
@blp.arguments(DigestIn)
@blp.response(200, DigestOut)
def put_digest(chosen: dict[str, Any]) -> Any:
    """Get one's unread messages by e-mail, once a day or a week

    They go to the address the sign-in names; it is stored from now on, until this is ended. Sent
    again it brings address and frequency up to date. 409 `no_email` where the sign-in names none.
    """
    digest = choose_digest(
        api().ctx,
        reader_id=reader_calling().id,
        email=caller().email,
        frequency=Frequency(chosen["frequency"]),
    )
    return _shown(digest)


@blp.route("/me/digest", methods=["DELETE"])
@allow(CallerKind.READER)
@limited("write")
@blp.response(204)
def delete_digest() -> None:
    """No more e-mails; the address is deleted. Twice is fine"""
    stop_digest(api().ctx, reader_id=reader_calling().id)


def _shown(digest: Any) -> dict[str, Any]:
    shown = {name: getattr(digest, name, None) for name in DigestOut().fields}
    if digest is not None and digest.email is None:
        shown["next_at"] = None
    return shown
