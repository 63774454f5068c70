"""Moderators sign in and out; the session is a cookie that only moderators' routes look at."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, g, make_response, request

from service.api import moderator_schemas
from service.api.app_state import api
from service.api.auth import (
    SESSION_COOKIE,
    allow_moderator,
    allow_unidentified,
    caller,
    moderator_calling,
)
from service.api.blueprint import Blueprint
from service.domain.errors import Conflict, TooFast
from service.queries.moderators import sites_of
from service.usecases.sign_in import SESSION_LIFETIME, SignedIn, sign_in
from service.usecases.sign_in_by_link import sign_in_by_link
from service.usecases.sign_out import sign_out

# A newsroom may share one address; one account has one person.
SIGN_IN_PER_ADDRESS = "60 per 15 minutes"
SIGN_IN_PER_ACCOUNT = "10 per 15 minutes"
NO_SESSION = "This needs a session, not a token."

blp = Blueprint("moderator-session", __name__, description="Moderators sign in and out")


@blp.route("/moderation/session", methods=["POST"])
@allow_unidentified
@blp.arguments(moderator_schemas.SignInIn)
@blp.response(201, moderator_schemas.SessionOut)
def create_session(fields: dict[str, Any]) -> Any:
    """Sign in with e-mail and password

    Sets the cookie `parley_session` for 12 hours. The answer does not tell a wrong password from
    an unknown address.
    """
    ctx = api().ctx
    limit_sign_in("sign-in-address", request.remote_addr or "", SIGN_IN_PER_ADDRESS)
    limit_sign_in("sign-in-account", fields["email"].strip().lower(), SIGN_IN_PER_ACCOUNT)
    return _begun(sign_in(ctx, email=fields["email"], password=fields["password"]))


@blp.route("/moderation/session/link", methods=["POST"])
@allow_unidentified
@blp.arguments(moderator_schemas.LinkIn)
@blp.response(201, moderator_schemas.SessionOut)
def create_session_by_link(fields: dict[str, Any]) -> Any:
    """Sign in with the code of a link

    The operator makes it with `./parley moderators link`; it holds once, for 15 minutes. The
    answer is that of signing in with a password.
    """
    limit_sign_in("sign-in-address", request.remote_addr or "", SIGN_IN_PER_ADDRESS)
    return _begun(sign_in_by_link(api().ctx, code=fields["code"]))


@blp.route("/moderation/session", methods=["GET"])
@allow_moderator()
@blp.response(200, moderator_schemas.SessionOut)
def show_session() -> Any:
    """Who is signed in, at which sites, and a fresh CSRF token"""
    ctx, moderator = api().ctx, moderator_calling()
    if moderator.session_id is None:
        return _session(moderator, [(caller().site, moderator.role.value)], None)
    with ctx.reading() as session:
        sites = sites_of(session, moderator.id)
    csrf_token = ctx.credentials.new_csrf_token(request.cookies[SESSION_COOKIE])
    return _session(moderator, sites, csrf_token)


@blp.route("/moderation/session", methods=["DELETE"])
@allow_moderator()
@blp.response(204)
def delete_session() -> Any:
    """Sign out"""
    moderator = moderator_calling()
    if moderator.session_id is None:
        raise Conflict(NO_SESSION, code="no_session")
    sign_out(api().ctx, moderator_id=moderator.id, session_id=moderator.session_id)
    response = make_response("", 204)
    response.delete_cookie(SESSION_COOKIE, **_cookie_rules())
    return response


def limit_sign_in(name: str, who: str, rule: str) -> None:
    """Count a try of a password. Raises TooFast.

    The key is a keyed hash: Redis gets no address to keep.
    """
    parts = api()
    state = parts.limiter.hit(name, parts.ctx.credentials.pseudonym(name, who), rule)
    g.rate_limit = state
    if not state.allowed:
        raise TooFast(max(1, state.reset_seconds))


def _begun(signed_in: SignedIn) -> dict[str, Any]:
    after_this_request(lambda response: _set_cookie(response, signed_in))
    csrf_token = api().ctx.credentials.new_csrf_token(signed_in.session)
    return _session(signed_in.moderator, signed_in.sites, csrf_token)


def _session(person: Any, sites: list[tuple[Any, str]], csrf_token: str | None) -> dict[str, Any]:
    return {
        "moderator": person,
        "sites": [{"key": site.key, "name": site.name, "role": role} for site, role in sites],
        "csrf_token": csrf_token,
    }


def _set_cookie(response: Response, signed_in: SignedIn) -> Response:
    response.set_cookie(
        SESSION_COOKIE, signed_in.session, max_age=SESSION_LIFETIME, **_cookie_rules()
    )
    return response


def _cookie_rules() -> dict[str, Any]:
    return {
        "path": "/",
        "httponly": True,
        "samesite": "Strict",
        "secure": api().secure_cookies,
    }
