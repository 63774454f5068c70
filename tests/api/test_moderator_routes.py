"""Every route of the application, walked: who may call it, and what strangers get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from service.api.auth import ALLOWED, ROLES
from service.api.openapi import PREFIX
from service.domain.identity import Role
from service.models import Site
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.create_site import create_api_key
from service.usecases.identify_caller import CallerKind
from service.usecases.sign_in import sign_in
from tests.api.planting import MARK, all_ids, ids_by_parameter, planted
from tests.makers import Makers, bearer, reader_token

MODERATION = f"{PREFIX}/moderation/"
# The one route of moderation that takes nothing but a password.
SIGN_IN = {("POST", f"{MODERATION}session"), ("POST", f"{MODERATION}session/link")}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Names of parameters that a row of this site must stand behind, or the walk would prove nothing.
PLANTED = {
    "appeal_id",
    "claim_id",
    "comment_id",
    "decision_id",
    "item_id",
    "moderator_id",
    "notice_id",
    "reader_id",
    "sanction_id",
    "token_id",
}


@dataclass(frozen=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    view: Any
    rule: Rule

    @property
    def allowed(self) -> tuple[CallerKind, ...]:
        found: tuple[CallerKind, ...] = getattr(self.view, ALLOWED)
        return found

    @property
    def is_moderators(self) -> bool:
        return CallerKind.MODERATOR in self.allowed

    def filled(self, values: dict[str, Any]) -> str:
        """The path with these values, and with made-up ones for the rest."""
        path = self.path
        for name, converter in self.rule._converters.items():
            made_up = uuid4() if type(converter).__name__ == "UUIDConverter" else "made-up"
            kind = path[path.index("<") : path.index(">") + 1]
            path = path.replace(kind, str(values.get(name, made_up)))
        return path


def routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(method, rule.rule, view, rule)


def moderators_routes(app: Flask) -> list[Route]:
    return [route for route in routes(app) if route.is_moderators]


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    found = list(routes(app))
    assert len(found) > 20
    assert [route for route in found if not getattr(route.view, ALLOWED, ())] == []


def test_every_route_of_moderation_says_which_roles_may_call_it(app: Flask) -> None:
    for route in routes(app):
        if not route.path.startswith(MODERATION) or (route.method, route.path) in SIGN_IN:
            continue
        assert route.allowed == (CallerKind.MODERATOR,), route.path
        assert Role.ADMIN in getattr(route.view, ROLES), route.path


def test_every_route_that_lets_moderators_in_names_their_roles(app: Flask) -> None:
    assert [route.path for route in moderators_routes(app) if not hasattr(route.view, ROLES)] == []


def test_moderators_routes_refuse_everybody_else(app: Flask, ctx: Context, site: Site) -> None:
    client = app.test_client()
    strangers = [
        ({}, 401),
        (bearer("mt_" + "x" * 43), 401),
        (bearer(reader_token("ann")), 403),
        (bearer(create_api_key(ctx, site_id=site.id, name="tests")), 403),
    ]
    for route in moderators_routes(app):
        publisher_too = CallerKind.PUBLISHER in route.allowed
        for headers, expected in strangers[:-1] if publisher_too else strangers:
            answer = client.open(route.filled({}), method=route.method, json={}, headers=headers)
            assert answer.status_code == expected, (route.method, route.path)


def test_moderators_routes_refuse_moderators_without_the_role(
    app: Flask, client: FlaskClient, make: Makers, site: Site
) -> None:
    people = {role: make.moderator(site, role=role) for role in Role}
    for route in moderators_routes(app):
        for role in set(Role) - getattr(route.view, ROLES):
            answer = client.open(
                route.filled({}), method=route.method, json={}, headers=people[role].headers
            )
            assert (answer.status_code, answer.json["code"]) == (403, "role_missing"), route.path


def test_with_a_session_nothing_is_changed_without_its_csrf_token(
    app: Flask, ctx: Context, site: Site
) -> None:
    client = signed_in(app, ctx, site)
    for route in moderators_routes(app):
        if route.method not in UNSAFE:
            continue
        answer = client.open(route.filled({}), method=route.method, json={})
        assert (answer.status_code, answer.json["code"]) == (403, "csrf_missing"), route.path


def test_a_session_opens_no_route_of_readers_and_publishers(
    app: Flask, ctx: Context, site: Site
) -> None:
    client = signed_in(app, ctx, site)
    walked = 0
    for route in routes(app):
        if route.is_moderators or CallerKind.NOBODY in route.allowed:
            continue
        walked += 1
        answer = client.open(route.filled({}), method=route.method, json={})
        assert (answer.status_code, answer.json["code"]) == (401, "credential_missing"), route.path
    assert walked > 5


def test_an_admin_of_another_site_gets_nothing_of_this_one(
    app: Flask, ctx: Context, make: Makers, site: Site
) -> None:
    """Every row of this site that an address can name is asked for by its own id."""
    planted(app, ctx, make, site)
    ids = ids_by_parameter(ctx)
    assert set(ids) >= PLANTED
    stranger = make.moderator(make.site("elsewhere"), name="stranger", role=Role.ADMIN)
    client = app.test_client()
    for route in moderators_routes(app):
        names = [name for name in route.rule._converters if name in ids]
        for value in ids[names[0]] if names else [None]:
            values = {name: ids[name][0] for name in names}
            values.update(dict.fromkeys(names[:1], value))
            path = route.filled(values)
            answer = client.open(path, method=route.method, json={}, headers=stranger.headers)
            where = (route.method, path, answer.status_code)
            assert answer.status_code < 500, where
            said = answer.get_data(as_text=True)
            assert MARK not in said.lower(), where
            if names:
                assert answer.status_code in (404, 409, 422), where
                assert answer.status_code == 404 or route.method != "GET", where
            else:
                leaked = [known for known in all_ids(ids) if known in said]
                assert leaked == [], where


def signed_in(app: Flask, ctx: Context, site: Site) -> FlaskClient:
    """The browser of an admin with a session."""
    email, password = "walker@courier.example", "seven grey herons at low tide"
    add_moderator(ctx, site_id=site.id, email=email, name="W", role=Role.ADMIN, password=password)
    client = app.test_client()
    client.set_cookie("parley_session", sign_in(ctx, email=email, password=password).session)
    return client


@pytest.mark.parametrize("path", ["/healthz", f"{PREFIX}/guidelines"])
def test_open_routes_take_no_notice_of_a_session(
    app: Flask, ctx: Context, site: Site, path: str
) -> None:
    client = app.test_client()
    client.set_cookie("parley_session", "ms_" + "x" * 43)
    assert client.get(path).status_code == 200
