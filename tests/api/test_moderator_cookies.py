"""What the cookie of a moderator's session opens, and what it does not."""

from __future__ import annotations

import pytest
from flask import Flask

from service.domain.identity import Role
from service.models import Site
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from tests.api.people import API, COOKIE, SESSION, Person
from tests.makers import Makers, bearer


@pytest.fixture
def maeve(app: Flask, ctx: Context, site: Site) -> Person:
    return Person(app, ctx, site, Role.MODERATOR)


@pytest.fixture
def admin(app: Flask, ctx: Context, site: Site) -> Person:
    return Person(app, ctx, site, Role.ADMIN)


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
