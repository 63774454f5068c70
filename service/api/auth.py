"""Who may call a route. Every route names its callers; `nobody` must be written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, after_this_request, g, request

from service.api.app_state import api
from service.api.fields import is_site_key
from service.domain.errors import Forbidden, Invalid, TooFast, Unauthenticated
from service.domain.identity import Role
from service.usecases.identify_caller import (
    Caller,
    CallerKind,
    SignedInModerator,
    identify_caller,
    identify_session,
)

F = TypeVar("F", bound=Callable[..., Any])

BEARER = "bearer "
SESSION_COOKIE = "parley_session"
CSRF_HEADER = "X-CSRF-Token"
# What these methods do can be done by any page that shows a picture; it must change nothing.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ALLOWED = "__parley_allowed__"
ROLES = "__parley_roles__"
SECURITY = {
    CallerKind.READER: ("readerToken",),
    CallerKind.PUBLISHER: ("publisherKey",),
    CallerKind.MODERATOR: ("moderatorToken", "moderatorSession"),
}
EVERY_ROLE = tuple(Role)


def allow(*kinds: CallerKind) -> Callable[[F], F]:
    """Let only these kinds of caller in; `NOBODY` lets anybody in without a credential.

    Raises (as problems) Unauthenticated without or with a wrong credential, Forbidden for a
    caller of another kind.
    """

    def decorate(view: F) -> F:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            _let_in(kinds)
            return view(*args, **kwargs)

        setattr(checked, ALLOWED, kinds)
        _document(checked, kinds)
        return cast(F, checked)

    return decorate


def allow_moderator(*roles: Role) -> Callable[[F], F]:
    """Let moderators of these roles in; without any, every moderator of the site.

    An admin may do whatever any role may. Raises (as problems) Unauthenticated and Forbidden.
    """
    allowed = {*roles, Role.ADMIN} if roles else set(EVERY_ROLE)

    def decorate(view: F) -> F:
        @allow(CallerKind.MODERATOR)
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            _check_role(moderator_calling().role, allowed)
            return view(*args, **kwargs)

        setattr(checked, ROLES, frozenset(allowed))
        return cast(F, checked)

    return decorate


def allow_publisher(*roles: Role) -> Callable[[F], F]:
    """Let the publisher in, and moderators of these roles; without any, every moderator.

    An admin may do whatever any role may. Raises (as problems) Unauthenticated and Forbidden.
    """
    allowed = {*roles, Role.ADMIN} if roles else set(EVERY_ROLE)

    def decorate(view: F) -> F:
        @allow(CallerKind.PUBLISHER, CallerKind.MODERATOR)
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            moderator = caller().moderator
            if moderator is not None:
                _check_role(moderator.role, allowed)
            return view(*args, **kwargs)

        setattr(checked, ROLES, frozenset(allowed))
        return cast(F, checked)

    return decorate


def _check_role(role: Role, allowed: Iterable[Role]) -> None:
    if role not in allowed:
        names = " or ".join(sorted(one.value for one in allowed))
        raise Forbidden(f"Only a {names} may do this.", code="role_missing")


def moderator_calling() -> SignedInModerator:
    """The moderator who is calling. Routes use it inside `allow_moderator` only."""
    moderator = caller().moderator
    if moderator is None:
        raise Unauthenticated("This needs a moderator's token.", code="credential_missing")
    return moderator


def allow_unidentified(view: F) -> F:
    """Let anybody in without even asking for a site: health, metrics, documents."""
    setattr(view, ALLOWED, (CallerKind.NOBODY,))
    return view


def limited(name: str) -> Callable[[F], F]:
    """Count calls by person, else by address: `comment` or `write`, as the settings say."""

    def decorate(view: F) -> F:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            _count(name)
            return view(*args, **kwargs)

        return cast(F, counted)

    return decorate


def caller() -> Caller:
    """Who is calling. Routes use it inside `allow` only."""
    found: Caller = g.caller
    return found


def reader_calling() -> Any:
    """The reader who is calling. Routes use it inside `allow(READER)` only."""
    reader = caller().reader
    if reader is None:
        raise Unauthenticated("This needs a reader's token.", code="credential_missing")
    return reader


def _let_in(kinds: tuple[CallerKind, ...]) -> None:
    g.caller = found = _identify(kinds)
    if found.kind not in kinds:
        names = " or ".join(kind.value for kind in kinds)
        raise Forbidden(f"Only a {names} may do this.", code="wrong_caller")
    if found.moderator is not None:
        after_this_request(_keep_private)


def _identify(kinds: tuple[CallerKind, ...]) -> Caller:
    """Ask for the credential; a cookie counts only where moderators are let in."""
    ctx, site_key = api().ctx, _site_asked_for()
    credential = _credential()
    if kinds == (CallerKind.NOBODY,):
        return identify_caller(ctx, credential=None, site_key=site_key)
    session = request.cookies.get(SESSION_COOKIE)
    if credential is None and session is not None and CallerKind.MODERATOR in kinds:
        found = identify_session(ctx, session=session, site_key=site_key)
        _check_csrf(session)
        return found
    if credential is None and CallerKind.NOBODY not in kinds:
        raise Unauthenticated("This needs a credential.", code="credential_missing")
    return identify_caller(ctx, credential=credential, site_key=site_key)


def _check_csrf(session: str) -> None:
    """A browser sends the cookie wherever a page points it; only our own page knows the token."""
    if request.method in SAFE_METHODS:
        return
    token = request.headers.get(CSRF_HEADER, "")
    if not api().ctx.credentials.csrf_token_holds(session, token):
        message = f"With a session this needs the session's {CSRF_HEADER} header."
        raise Forbidden(message, code="csrf_missing")


def _keep_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _credential() -> str | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    if not header.lower().startswith(BEARER):
        raise Unauthenticated(
            "The Authorization header must be: Bearer <token>.", code="credential_malformed"
        )
    return header[len(BEARER) :].strip()


def _site_asked_for() -> str | None:
    site = request.args.get("site")
    if site is not None and not is_site_key(site):
        raise Invalid({"site": ["Is not the key of a site."]})
    return site


def _count(name: str) -> None:
    parts = api()
    rule = parts.comment_rate if name == "comment" else parts.write_rate
    who = caller()
    person = who.reader or who.moderator
    key = str(person.id) if person else f"{who.site.id}:{request.remote_addr}"
    state = parts.limiter.hit(name, key, rule)
    g.rate_limit = state
    if not state.allowed:
        raise TooFast(max(1, state.reset_seconds))


def _document(view: Any, kinds: tuple[CallerKind, ...]) -> None:
    """Say in the OpenAPI document which credential a route takes."""
    apidoc = deepcopy(getattr(view, "_apidoc", {}))
    security: list[dict[str, list[str]]] = [
        {scheme: []} for kind in kinds for scheme in SECURITY.get(kind, ())
    ]
    if CallerKind.NOBODY in kinds:
        security.append({})
    apidoc.setdefault("manual_doc", {})["security"] = security
    view._apidoc = apidoc
