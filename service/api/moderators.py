"""Who moderates a site: its leads look, its admins change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from service.api import moderator_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.domain.identity import Role
from service.queries.moderators import Member, get_member, members_of
from service.usecases.add_moderator import add_moderator
from service.usecases.change_role import change_role
from service.usecases.create_moderator_token import create_moderator_token
from service.usecases.disable_moderator import disable_moderator
from service.usecases.enable_moderator import enable_moderator
from service.usecases.revoke_moderator_token import revoke_moderator_token

blp = Blueprint("moderators", __name__, description="Who moderates the site")


@blp.route("/moderation/moderators", methods=["GET"])
@allow_moderator(Role.LEAD)
@blp.response(200, moderator_schemas.ModeratorsOut)
def list_moderators() -> Any:
    """Everybody who moderates or moderated the site"""
    ctx = api().ctx
    with ctx.reading() as session:
        members = members_of(session, caller().site.id, ctx.clock())
    return {"moderators": [_shown(member) for member in members]}


@blp.route("/moderation/moderators", methods=["POST"])
@allow_moderator(Role.ADMIN)
@limited("write")
@blp.arguments(moderator_schemas.ModeratorIn)
@blp.response(201, moderator_schemas.ModeratorOut)
def create_moderator(fields: dict[str, Any]) -> Any:
    """Let somebody work at the site

    An account of this address is used if there is one; it keeps its name. A new account has no
    password and works with tokens, until the operator sets one.
    """
    account = add_moderator(
        api().ctx,
        **_by(),
        email=fields["email"],
        name=fields["name"],
        role=Role(fields["role"]),
    )
    return _member(account.id)


@blp.route("/moderation/moderators/<uuid:moderator_id>", methods=["PATCH"])
@allow_moderator(Role.ADMIN)
@limited("write")
@blp.arguments(moderator_schemas.ModeratorChange)
@blp.response(200, moderator_schemas.ModeratorOut)
def change_moderator(fields: dict[str, Any], moderator_id: UUID) -> Any:
    """Give a moderator another role, or end or resume the work at this site

    A site keeps at least one admin.
    """
    ctx = api().ctx
    if "role" in fields:
        change_role(ctx, **_by(), moderator_id=moderator_id, role=Role(fields["role"]))
    elif fields["disabled"]:
        disable_moderator(ctx, **_by(), moderator_id=moderator_id)
    else:
        enable_moderator(ctx, **_by(), moderator_id=moderator_id)
    return _member(moderator_id)


@blp.route("/moderation/moderators/<uuid:moderator_id>/tokens", methods=["POST"])
@allow_moderator(Role.ADMIN)
@limited("write")
@blp.arguments(moderator_schemas.TokenIn)
@blp.response(201, moderator_schemas.NewTokenOut)
def create_token(fields: dict[str, Any], moderator_id: UUID) -> Any:
    """Make an API token; it is shown this once

    It acts as its moderator, at this site only, and the log says who made it.
    """
    made = create_moderator_token(
        api().ctx,
        **_by(),
        moderator_id=moderator_id,
        name=fields["name"],
        lifetime=timedelta(days=fields["days"]) if fields["days"] else None,
    )
    shown = {name: getattr(made.stored, name) for name in moderator_schemas.TokenOut().fields}
    return {**shown, "token": made.plain}


@blp.route("/moderation/moderators/<uuid:moderator_id>/tokens/<uuid:token_id>", methods=["DELETE"])
@allow_moderator(Role.ADMIN)
@limited("write")
@blp.response(204)
def delete_token(moderator_id: UUID, token_id: UUID) -> Any:
    """Take a token back; it stops at once"""
    revoke_moderator_token(api().ctx, **_by(), moderator_id=moderator_id, token_id=token_id)


def _by() -> dict[str, Any]:
    """Which site is meant, and who asks."""
    return {"site_id": caller().site.id, "by": moderator_calling().id}


def _member(moderator_id: UUID) -> dict[str, Any]:
    ctx = api().ctx
    with ctx.reading() as session:
        found = get_member(session, moderator_id, site_id=caller().site.id, now=ctx.clock())
    return _shown(found)


def _shown(member: Member) -> dict[str, Any]:
    is_admin = moderator_calling().role is Role.ADMIN
    return {
        "id": member.account.id,
        "name": member.account.name,
        "email": member.account.email if is_admin else None,
        "role": member.membership.role,
        "disabled": member.is_disabled,
        "created_at": member.membership.created_at,
        "tokens": member.tokens,
    }
