"""Moderators' sessions over HTTP: the cookie, what it opens, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from config.settings import Settings
from service.api.moderator_session import (
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ADDRESS,
    limit_sign_in,
)
from service.app import create_app
from service.bootstrap import Parts, make_api
from service.domain.identity import Role
from service.models import ModeratorCredential, Site, utc_now
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.disable_moderator import disable_account
from service.usecases.record_exposure import record_exposure
from service.usecases.set_password import set_password
from tests.makers import Makers, bearer

API = "/api/v1/moderation"
SESSION = f"{API}/session"
PASSWORD = "seven grey herons at low tide"
COOKIE = "parley_session"
_people = count(1)


class Person:
    """A moderator with a browser and an address on the network of one's own."""

    def __init__(self, app: Flask, ctx: Context, site: Site, role: Role) -> None:
        number = next(_people)
        self.email = f"person-{number}@courier.example"
        self.browser = app.test_client()
        self.browser.environ_base["REMOTE_ADDR"] = f"2001:db8::{number:x}"
        self.id: UUID = add_moderator(
            ctx, site_id=site.id, email=self.email, name="Maeve", role=role, password=PASSWORD
        ).id

    def sign_in(self, password: str = PASSWORD, email: str | None = None) -> Any:
        given = {"email": email or self.email, "password": password}
        return self.browser.post(SESSION, json=given)

    def csrf(self) -> dict[str, str]:
        """The header that shows that the page is ours; signs in."""
        return {"X-CSRF-Token": self.sign_in().json["csrf_token"]}

    def get(self, path: str, **options: Any) -> Any:
        return self.browser.get(f"{API}{path}", **options)


@pytest.fixture
def maeve(app: Flask, ctx: Context, site: Site) -> Person:
    return Person(app, ctx, site, Role.MODERATOR)


@pytest.fixture
def admin(app: Flask, ctx: Context, site: Site) -> Person:
    return Person(app, ctx, site, Role.ADMIN)


# --- signing in and out -----------------------------------------------------------------------


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(maeve: Person) -> None:
    answer = maeve.sign_in()
    assert answer.status_code == 201
    assert answer.json["moderator"] == {"id": str(maeve.id), "name": "Maeve"}
    assert answer.json["sites"] == [{"key": "demo", "name": "The Courier", "role": "moderator"}]
    name, *rules = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=ms_")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"} <= set(rules)
    assert "Secure" not in rules
    assert answer.headers["Cache-Control"] == "no-store"


def test_where_the_site_is_served_by_https_the_cookie_is_never_sent_by_http(
    settings: Settings, parts: Parts, ctx: Context, site: Site
) -> None:
    safe = replace(settings, public_url="https://comments.courier.example")
    app = create_app(safe, make_api(safe, parts))
    answer = Person(app, ctx, site, Role.MODERATOR).sign_in()
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_a_wrong_password_and_an_unknown_address_get_one_answer(maeve: Person) -> None:
    wrong = maeve.sign_in("not the right password")
    unknown = maeve.sign_in(email="nobody@courier.example")
    assert wrong.status_code == unknown.status_code == 401
    same = {"type", "title", "status", "detail", "code"}
    assert {key: wrong.json[key] for key in same} == {key: unknown.json[key] for key in same}
    assert wrong.json["code"] == "sign_in_failed"
    assert "Set-Cookie" not in wrong.headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "a@b.example"},
        {"email": 7, "password": "x"},
        {"email": "a\x00b", "password": "x"},
    ],
)
def test_a_malformed_sign_in_names_the_field(maeve: Person, body: dict[str, Any]) -> None:
    answer = maeve.browser.post(SESSION, json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def used_up(app: Flask, name: str, who: str, rule: str, *, but: int) -> None:
    """Use up the tries of somebody, all but a few."""
    with app.test_request_context():
        for _ in range(int(rule.split(maxsplit=1)[0]) - but):
            limit_sign_in(name, who, rule)


def test_an_account_is_tried_ten_times_in_a_while_wherever_from(maeve: Person, app: Flask) -> None:
    assert SIGN_IN_PER_ACCOUNT == "10 per 15 minutes"
    used_up(app, "sign-in-account", maeve.email, SIGN_IN_PER_ACCOUNT, but=1)
    assert maeve.sign_in("wrong wrong wrong", email=maeve.email.upper()).status_code == 401
    maeve.browser.environ_base["REMOTE_ADDR"] = "2001:db8:1::1"
    assert maeve.sign_in().status_code == 429


def test_an_address_tries_sixty_times_in_a_while_whatever_account(
    maeve: Person, app: Flask
) -> None:
    assert SIGN_IN_PER_ADDRESS == "60 per 15 minutes"
    address = maeve.browser.environ_base["REMOTE_ADDR"]
    used_up(app, "sign-in-address", address, SIGN_IN_PER_ADDRESS, but=1)
    assert maeve.sign_in(email="nobody@courier.example").status_code == 401
    refused = maeve.sign_in()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_the_session_says_whose_it_is_with_a_fresh_token_and_the_older_ones_hold(
    maeve: Person,
) -> None:
    first = maeve.csrf()
    again = maeve.get("/session").json
    assert again["moderator"]["id"] == str(maeve.id)
    assert again["csrf_token"] != first["X-CSRF-Token"]
    for token in (first["X-CSRF-Token"], again["csrf_token"]):
        answer = maeve.browser.put(
            f"{API}/me/opt-outs", json={"queues": []}, headers={"X-CSRF-Token": token}
        )
        assert answer.status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie_back(maeve: Person) -> None:
    headers = maeve.csrf()
    kept = maeve.browser.get_cookie(COOKIE)
    assert kept is not None
    answer = maeve.browser.delete(SESSION, headers=headers)
    assert answer.status_code == 204
    assert maeve.browser.get_cookie(COOKIE) is None
    maeve.browser.set_cookie(COOKIE, kept.value)
    assert maeve.get("/session").json["code"] == "session_ended"


def test_a_session_that_ran_out_is_refused(maeve: Person, ctx: Context) -> None:
    maeve.sign_in()
    with ctx.transaction() as tx:
        past = utc_now() - timedelta(seconds=1)
        tx.session.execute(update(ModeratorCredential).values(expires_at=past))
    answer = maeve.get("/me")
    assert (answer.status_code, answer.json["code"]) == (401, "session_ended")


def test_a_disabled_account_is_out_in_the_middle_of_a_session(maeve: Person, ctx: Context) -> None:
    maeve.sign_in()
    assert maeve.get("/me").status_code == 200
    disable_account(ctx, moderator_id=maeve.id)
    assert maeve.get("/me").status_code == 401
    assert maeve.sign_in().status_code == 401


def test_a_password_is_changed_by_whoever_knows_it(maeve: Person, ctx: Context) -> None:
    headers = maeve.csrf()
    path, new = f"{API}/me/password", "a heron is not a crane"

    def change(current: str, password: str) -> Any:
        given = {"current_password": current, "password": password}
        return maeve.browser.put(path, json=given, headers=headers)

    assert list(change("wrong wrong wrong", new).json["errors"]) == ["current_password"]
    assert list(change(PASSWORD, "short").json["errors"]) == ["password"]
    assert change(PASSWORD, new).status_code == 204
    assert maeve.get("/me").status_code == 200
    assert maeve.sign_in(new).status_code == 201
    set_password(ctx, moderator_id=maeve.id, password=PASSWORD)
    assert maeve.get("/me").status_code == 401


# --- what the cookie does not do --------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": "made.up"}, {"X-CSRF-Token": ""}])
def test_a_forged_request_of_another_page_does_nothing(
    maeve: Person, headers: dict[str, str]
) -> None:
    maeve.sign_in()
    answer = maeve.browser.put(f"{API}/me/opt-outs", json={"queues": ["toxic"]}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "csrf_missing")
    assert maeve.get("/me").json["opted_out"] == []


def test_the_csrf_token_of_another_session_does_not_hold(maeve: Person, admin: Person) -> None:
    maeve.sign_in()
    answer = maeve.browser.put(
        f"{API}/me/opt-outs", json={"queues": ["toxic"]}, headers=admin.csrf()
    )
    assert answer.json["code"] == "csrf_missing"


def test_cookies_are_not_shared_with_pages_of_other_origins(maeve: Person) -> None:
    maeve.sign_in()
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "PUT"}
    for method in ("GET", "OPTIONS"):
        answer = maeve.browser.open(f"{API}/me", method=method, headers=asks)
        assert answer.status_code == 200
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_session_in_the_header_and_a_token_in_the_cookie_open_nothing(
    maeve: Person, make: Makers, site: Site
) -> None:
    maeve.sign_in()
    cookie = maeve.browser.get_cookie(COOKIE)
    assert cookie is not None
    token = make.moderator(site).headers["Authorization"].split()[1]
    maeve.browser.delete_cookie(COOKIE)
    assert maeve.get("/me", headers=bearer(cookie.value)).status_code == 401
    maeve.browser.set_cookie(COOKIE, token)
    assert maeve.get("/me").status_code == 401


def test_a_token_in_the_header_goes_before_the_cookie_and_needs_no_csrf_token(
    maeve: Person, make: Makers, site: Site
) -> None:
    maeve.sign_in()
    other = make.moderator(site, name="Other")
    answer = maeve.browser.put(
        f"{API}/me/opt-outs", json={"queues": ["spam"]}, headers=other.headers
    )
    assert answer.json == {"queues": ["spam"]}
    assert maeve.get("/me").json["opted_out"] == []


# --- sites ------------------------------------------------------------------------------------


def test_the_site_asked_for_must_be_ones_own(maeve: Person, make: Makers, ctx: Context) -> None:
    second = make.site("second", name="The Second")
    make.site("third")
    add_moderator(ctx, site_id=second.id, email=maeve.email, name="M", role=Role.LEAD)
    assert [row["key"] for row in maeve.sign_in().json["sites"]] == ["demo", "second"]
    assert maeve.get("/me").json["site"] == "demo"
    there = maeve.get("/me?site=second").json
    assert (there["site"], there["role"]) == ("second", "lead")
    for key in ("third", "no-such-site"):
        answer = maeve.get(f"/me?site={key}")
        assert (answer.status_code, answer.json["code"]) == (404, "site_not_found")


def test_a_token_tells_of_its_own_site_only(maeve: Person, make: Makers, ctx: Context) -> None:
    second = make.site("second", name="The Second")
    add_moderator(ctx, site_id=second.id, email=maeve.email, name="M", role=Role.LEAD)
    token = make.moderator(second)
    answer = maeve.browser.get(f"{SESSION}", headers=token.headers).json
    assert [row["key"] for row in answer["sites"]] == ["second"]
    assert answer["csrf_token"] is None
    elsewhere = maeve.browser.get(f"{API}/me?site=demo", headers=token.headers)
    assert elsewhere.status_code == 404


# --- what one looked at -----------------------------------------------------------------------


def test_what_one_looked_at_is_for_oneself_alone(
    maeve: Person, admin: Person, ctx: Context
) -> None:
    for severe in (True, False, True):
        record_exposure(ctx, moderator_id=maeve.id, severe=severe)
    maeve.sign_in()
    own = maeve.get("/me").json
    assert [(hour["seen"], hour["severe"]) for hour in own["exposure"]["today"]] == [(3, 2)]
    assert own["exposure"]["days"][0].keys() == {"day", "seen", "severe"}
    assert own["pause_suggested"] is False

    headers = admin.csrf()
    made = admin.browser.post(
        f"{API}/moderators/{maeve.id}/tokens", json={"name": "script"}, headers=headers
    ).json
    by_token = admin.browser.get(f"{API}/me", headers=bearer(made["token"])).json
    assert by_token["id"] == str(maeve.id)
    assert (by_token["exposure"], by_token["opted_out"], by_token["pause_suggested"]) == (
        None,
        None,
        None,
    )
    answer = admin.browser.put(
        f"{API}/me/opt-outs", json={"queues": []}, headers=bearer(made["token"])
    )
    assert answer.json["code"] == "not_your_own"
    assert "exposure" not in admin.get("/moderators").get_data(as_text=True)


def test_opting_out_of_what_is_no_queue_names_the_field(maeve: Person) -> None:
    answer = maeve.browser.put(
        f"{API}/me/opt-outs", json={"queues": ["gardening"]}, headers=maeve.csrf()
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["queues"]
