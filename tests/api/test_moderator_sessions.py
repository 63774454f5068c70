"""Moderators sign in and out over HTTP, and see what is for them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

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
from service.usecases.context import Context
from service.usecases.disable_moderator import disable_account
from service.usecases.make_sign_in_link import make_sign_in_link
from service.usecases.record_exposure import record_exposure
from service.usecases.set_password import set_password
from tests.api.people import API, COOKIE, PASSWORD, SESSION, Person
from tests.makers import bearer


@pytest.fixture
def maeve(app: Flask, ctx: Context, site: Site) -> Person:
    return Person(app, ctx, site, Role.MODERATOR)


@pytest.fixture
def admin(app: Flask, ctx: Context, site: Site) -> Person:
    return Person(app, ctx, site, Role.ADMIN)


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


def test_a_link_signs_in_like_a_password_and_only_once(maeve: Person, ctx: Context) -> None:
    given = {"code": make_sign_in_link(ctx, moderator_id=maeve.id)}
    answer = maeve.browser.post(f"{SESSION}/link", json=given)
    assert answer.status_code == 201
    assert answer.json["moderator"] == {"id": str(maeve.id), "name": "Maeve"}
    assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["Set-Cookie"].split("; "))
    changed = maeve.browser.put(
        f"{API}/me/opt-outs",
        json={"queues": []},
        headers={"X-CSRF-Token": answer.json["csrf_token"]},
    )
    assert changed.status_code == 200
    again = maeve.browser.post(f"{SESSION}/link", json=given)
    assert (again.status_code, again.json["code"]) == (401, "sign_in_failed")
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("body", [{}, {"code": 7}, {"code": ""}, {"code": "x" * 65}])
def test_a_malformed_code_is_refused_by_its_field(maeve: Person, body: dict[str, Any]) -> None:
    answer = maeve.browser.post(f"{SESSION}/link", json=body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["code"])


def test_codes_are_tried_as_often_as_passwords(maeve: Person, app: Flask, ctx: Context) -> None:
    address = maeve.browser.environ_base["REMOTE_ADDR"]
    used_up(app, "sign-in-address", address, SIGN_IN_PER_ADDRESS, but=1)
    wrong = maeve.browser.post(f"{SESSION}/link", json={"code": "ml_wrong"})
    assert wrong.status_code == 401
    code = make_sign_in_link(ctx, moderator_id=maeve.id)
    refused = maeve.browser.post(f"{SESSION}/link", json={"code": code})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
