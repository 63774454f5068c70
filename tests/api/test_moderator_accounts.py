"""`/moderation/moderators`: leads look, admins change, and a site never sees another's people."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain.identity import Role
from service.models import Site
from service.usecases.context import Context
from service.usecases.create_moderator_token import create_moderator_token
from tests.makers import Makers, ModeratorMade, bearer

PATH = "/api/v1/moderation/moderators"
NEW = {"email": "New@courier.example", "name": "New", "role": "moderator"}


@pytest.fixture
def admin(make: Makers, site: Site) -> ModeratorMade:
    return make.moderator(site, name="Admin", role=Role.ADMIN)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEGAL, Role.LEAD])
def test_only_an_admin_changes_who_moderates(
    client: FlaskClient, make: Makers, site: Site, role: Role
) -> None:
    caller = make.moderator(site, role=role)
    for method, path in [
        ("POST", PATH),
        ("PATCH", f"{PATH}/{caller.id}"),
        ("POST", f"{PATH}/{caller.id}/tokens"),
        ("DELETE", f"{PATH}/{caller.id}/tokens/{caller.id}"),
    ]:
        answer = client.open(path, method=method, json={}, headers=caller.headers)
        assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


def test_leads_see_who_moderates_and_admins_their_addresses(
    client: FlaskClient, make: Makers, site: Site, admin: ModeratorMade
) -> None:
    make.moderator(make.site("other"), name="Stranger")
    lead = make.moderator(site, name="Lead", role=Role.LEAD)
    seen = client.get(PATH, headers=lead.headers).json["moderators"]
    assert [(row["name"], row["role"], row["email"]) for row in seen] == [
        ("Admin", "admin", None),
        ("Lead", "lead", None),
    ]
    assert seen[1]["tokens"][0]["prefix"].startswith("mt_")
    assert "token" not in seen[1]["tokens"][0]
    addressed = client.get(PATH, headers=admin.headers).json["moderators"]
    assert addressed[0]["email"].endswith("@example.org")
    assert client.get(PATH, headers=make.moderator(site).headers).status_code == 403


def test_somebody_is_added_given_a_token_and_gets_to_work(
    client: FlaskClient, admin: ModeratorMade
) -> None:
    added = client.post(PATH, json=NEW, headers=admin.headers)
    assert added.status_code == 201
    assert added.json["email"] == "new@courier.example"
    path = f"{PATH}/{added.json['id']}/tokens"
    made = client.post(path, json={"name": "laptop", "days": 30}, headers=admin.headers)
    assert made.status_code == 201
    assert made.json["expires_at"] > made.json["created_at"]
    headers = bearer(made.json["token"])
    assert client.get("/api/v1/moderation/me", headers=headers).json["name"] == "New"

    gone = client.delete(f"{path}/{made.json['id']}", headers=admin.headers)
    assert gone.status_code == 204
    assert client.get("/api/v1/moderation/me", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"name": "  "}, "name"),
        ({"role": "king"}, "role"),
        ({"password": "an admin never sets it"}, "password"),
    ],
)
def test_what_is_wrong_with_a_new_moderator_is_named(
    client: FlaskClient, admin: ModeratorMade, change: dict[str, Any], field: str
) -> None:
    answer = client.post(PATH, json=NEW | change, headers=admin.headers)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert len(client.get(PATH, headers=admin.headers).json["moderators"]) == 1


def test_adding_somebody_twice_is_a_conflict(client: FlaskClient, admin: ModeratorMade) -> None:
    client.post(PATH, json=NEW, headers=admin.headers)
    answer = client.post(PATH, json=NEW, headers=admin.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "already_member")


def test_a_new_role_holds_from_the_next_request_on(
    client: FlaskClient, make: Makers, site: Site, admin: ModeratorMade
) -> None:
    person = make.moderator(site)
    assert client.get(PATH, headers=person.headers).status_code == 403
    changed = client.patch(f"{PATH}/{person.id}", json={"role": "lead"}, headers=admin.headers)
    assert changed.json["role"] == "lead"
    assert client.get(PATH, headers=person.headers).status_code == 200


def test_ending_and_resuming_the_work(
    client: FlaskClient, make: Makers, site: Site, admin: ModeratorMade
) -> None:
    person = make.moderator(site)
    path = f"{PATH}/{person.id}"
    assert client.patch(path, json={"disabled": True}, headers=admin.headers).json["disabled"]
    assert client.get("/api/v1/moderation/me", headers=person.headers).status_code == 401
    again = client.patch(path, json={"disabled": False}, headers=admin.headers).json
    assert (again["disabled"], again["tokens"]) == (False, [])


@pytest.mark.parametrize("change", [{}, {"role": "lead", "disabled": True}, {"disabled": None}])
def test_a_change_is_one_thing_at_a_time(
    client: FlaskClient, make: Makers, site: Site, admin: ModeratorMade, change: dict[str, Any]
) -> None:
    path = f"{PATH}/{make.moderator(site).id}"
    assert client.patch(path, json=change, headers=admin.headers).status_code == 422


@pytest.mark.parametrize("change", [{"role": "moderator"}, {"disabled": True}])
def test_the_last_admin_neither_steps_down_nor_is_put_out(
    client: FlaskClient, admin: ModeratorMade, change: dict[str, Any]
) -> None:
    answer = client.patch(f"{PATH}/{admin.id}", json=change, headers=admin.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "last_admin")


def test_an_admin_of_another_site_finds_nobody_here(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, admin: ModeratorMade
) -> None:
    stranger = make.moderator(make.site("other"), name="Stranger", role=Role.ADMIN)
    person = make.moderator(site)
    token = create_moderator_token(ctx, site_id=site.id, moderator_id=person.id).stored
    for method, path, body in [
        ("PATCH", f"{PATH}/{person.id}", {"role": "admin"}),
        ("PATCH", f"{PATH}/{person.id}", {"disabled": True}),
        ("POST", f"{PATH}/{person.id}/tokens", {"name": "x"}),
        ("DELETE", f"{PATH}/{person.id}/tokens/{token.id}", None),
    ]:
        answer = client.open(path, method=method, json=body, headers=stranger.headers)
        assert answer.status_code == 404
    assert client.get("/api/v1/moderation/me", headers=person.headers).json["role"] == "moderator"
