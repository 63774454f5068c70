"""Choosing e-mails over HTTP, and ending them by one click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings
from service.adapters.tokens import issue_reader_token
from service.app import create_app
from service.bootstrap import Parts, make_api, make_parts
from service.domain.guideline import Policy
from service.models import Digest, Reader, Site
from tests.adapters.mail_server import HOST
from tests.makers import SSO_SECRET, Makers, bearer

ANN = {"id": "ann", "username": "Ann", "email": "ann@example.org"}
WHERE = "/api/v1/me/digest"


def signed_in(user: dict[str, str] = ANN) -> dict[str, str]:
    return bearer(issue_reader_token(user, SSO_SECRET, timedelta(hours=1)))


@pytest.fixture
def mailing_parts(settings: Settings, sessions: Any, policy: Policy) -> Iterator[Parts]:
    mail = replace(settings, smtp_url=f"smtp://{HOST}:25?tls=none", mail_from="c@courier.example")
    parts = make_parts(mail, sessions=sessions, policy=policy)
    yield parts
    parts.engine.dispose()


@pytest.fixture
def mailing(settings: Settings, mailing_parts: Parts, site: Site) -> FlaskClient:
    app: Flask = create_app(settings, make_api(settings, mailing_parts))
    return app.test_client()


def choose(client: FlaskClient, frequency: str = "weekly") -> Any:
    return client.put(WHERE, json={"frequency": frequency}, headers=signed_in())


def link(parts: Parts) -> str:
    with parts.ctx.reading() as session:
        reader = session.query(Reader).filter_by(external_id="ann").one()
    found = urlsplit(parts.ctx.mail.unsubscribe_url(reader.id))
    return f"{found.path}?{found.query}"


def choices(parts: Parts) -> int:
    with parts.ctx.reading() as session:
        return session.query(Digest).count()


def test_a_reader_chooses_sees_and_ends_e_mails(mailing: FlaskClient, mailing_parts: Parts) -> None:
    assert mailing.get(WHERE, headers=signed_in()).json["frequency"] is None
    chosen = choose(mailing)
    assert (chosen.status_code, chosen.json["email"]) == (200, "ann@example.org")
    shown = mailing.get(WHERE, headers=signed_in()).json
    assert (shown["frequency"], shown["stopped_reason"], shown["sent_at"]) == ("weekly", None, None)
    for _ in range(2):
        assert mailing.delete(WHERE, headers=signed_in()).status_code == 204
    assert choices(mailing_parts) == 0


def test_a_sign_in_without_an_address_gets_none(mailing: FlaskClient) -> None:
    headers = signed_in({"id": "bob", "username": "Bob"})
    refused = mailing.put(WHERE, json={"frequency": "daily"}, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "no_email")


def test_an_unknown_frequency_names_the_field(mailing: FlaskClient) -> None:
    refused = choose(mailing, "hourly")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["frequency"])


def test_nobody_without_a_sign_in_chooses_anything(mailing: FlaskClient) -> None:
    assert mailing.put(WHERE, json={"frequency": "daily"}).status_code == 401


def test_the_site_says_whether_e_mails_are_offered(
    client: FlaskClient, mailing: FlaskClient
) -> None:
    assert mailing.get("/api/v1/site").json["digest"] is True
    assert client.get("/api/v1/site").json["digest"] is False


def test_where_they_are_off_they_are_not_offered_but_can_be_ended(
    client: FlaskClient, mailing: FlaskClient, mailing_parts: Parts
) -> None:
    choose(mailing)
    for answer in (client.get(WHERE, headers=signed_in()), choose(client)):
        assert (answer.status_code, answer.json["code"]) == (404, "mail_off")
    assert client.delete(WHERE, headers=signed_in()).status_code == 204
    assert choices(mailing_parts) == 0


def test_one_click_ends_them_without_a_sign_in_and_twice(
    mailing: FlaskClient, mailing_parts: Parts
) -> None:
    choose(mailing)
    where = link(mailing_parts)
    for _ in range(2):
        done = mailing.post(where, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    assert choices(mailing_parts) == 0


def test_looking_at_the_page_ends_nothing_and_shows_a_button(
    mailing: FlaskClient, mailing_parts: Parts
) -> None:
    choose(mailing)
    page = mailing.get(link(mailing_parts))
    assert page.status_code == 200
    assert '<form method="post"><button>' in page.text
    assert "The Courier" in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert choices(mailing_parts) == 1


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: "x" + t[1:], lambda t: "", str.upper]
)
def test_a_link_that_was_not_made_here_ends_nothing(
    mailing: FlaskClient, mailing_parts: Parts, spoil: Any
) -> None:
    choose(mailing)
    path, _, token = link(mailing_parts).partition("?token=")
    refused = mailing.post(f"{path}?token={spoil(token)}")
    assert (refused.status_code, refused.json["code"]) == (404, "unknown_token")
    assert choices(mailing_parts) == 1


def test_a_link_of_another_installation_does_not_hold(
    mailing: FlaskClient, mailing_parts: Parts, settings: Settings, sessions: Any, make: Makers
) -> None:
    choose(mailing)
    stranger = make_parts(replace(settings, secret_key="another secret, long enough for anybody"))
    with mailing_parts.ctx.reading() as session:
        reader = session.query(Reader).filter_by(external_id="ann").one()
    token = urlsplit(stranger.ctx.mail.unsubscribe_url(reader.id)).query
    stranger.engine.dispose()
    assert mailing.post(f"/api/v1/digest/unsubscribe?{token}").status_code == 404
