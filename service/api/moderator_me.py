"""The moderator who asks: role, opt-outs, and what was looked at. For that person's eyes only."""

from __future__ import annotations

from typing import Any

from service.api import moderator_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.api.moderator_session import NO_SESSION, SIGN_IN_PER_ACCOUNT, limit_sign_in
from service.domain.errors import Conflict, Forbidden
from service.queries.moderators import own_exposure
from service.usecases.set_opt_outs import set_opt_outs
from service.usecases.set_password import change_own_password

blp = Blueprint("moderator-me", __name__, description="The moderator who asks")


@blp.route("/moderation/me", methods=["GET"])
@allow_moderator()
@blp.response(200, moderator_schemas.OwnOut)
def show_own() -> Any:
    """One's role at the site, the queues one is not given, and what one looked at

    The last two are for that person alone: a token somebody else made does not open them.
    """
    ctx, moderator = api().ctx, moderator_calling()
    own = {
        "id": moderator.id,
        "name": moderator.name,
        "site": caller().site.key,
        "role": moderator.role.value,
        "opted_out": None,
        "exposure": None,
        "pause_suggested": None,
    }
    if not moderator.is_own:
        return own
    with ctx.reading() as session:
        exposure = own_exposure(session, moderator.id, ctx.clock())
    return {
        **own,
        "opted_out": moderator.opted_out,
        "exposure": exposure,
        "pause_suggested": exposure.pause_suggested,
    }


@blp.route("/moderation/me/opt-outs", methods=["PUT"])
@allow_moderator()
@limited("write")
@blp.arguments(moderator_schemas.OptOutsIn)
@blp.response(200, moderator_schemas.OptOutsOut)
def change_opt_outs(fields: dict[str, Any]) -> Any:
    """Say which queues one does not want to be given

    A queue that somebody must see, such as urgent and legal, keeps at least one moderator.
    """
    moderator = moderator_calling()
    if not moderator.is_own:
        message = "Only the moderator may do this, not a token somebody else made."
        raise Forbidden(message, code="not_your_own")
    queues = set_opt_outs(
        api().ctx, site_id=caller().site.id, moderator_id=moderator.id, queues=fields["queues"]
    )
    return {"queues": queues}


@blp.route("/moderation/me/password", methods=["PUT"])
@allow_moderator()
@limited("write")
@blp.arguments(moderator_schemas.PasswordIn)
@blp.response(204)
def change_password(fields: dict[str, Any]) -> Any:
    """Change one's password; every other session ends"""
    moderator = moderator_calling()
    if moderator.session_id is None:
        raise Conflict(NO_SESSION, code="no_session")
    limit_sign_in("change-password", str(moderator.id), SIGN_IN_PER_ACCOUNT)
    change_own_password(
        api().ctx,
        moderator_id=moderator.id,
        current=fields["current_password"],
        password=fields["password"],
        session_id=moderator.session_id,
    )
