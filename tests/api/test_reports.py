"""Reporting over HTTP: the thank-you, the receipt, later the outcome; brigades get nowhere."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from service.domain.identity import Role
from service.models import Article, Site
from service.usecases.context import Context
from tests.api.conftest import Reader
from tests.makers import Makers, bearer, reader_token
from tests.reporters import Reporting

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def desk(ctx: Context, make: Makers, site: Site, article: Article) -> Reporting:
    return Reporting(ctx, make, site, article)


@pytest.fixture
def comment(ann: Reader) -> str:
    """The id of Ann's public comment."""
    return str(ann.published("The bridge should never have been closed.")["id"])


def send(
    client: FlaskClient, comment: str, headers: dict[str, str] | None = None, **fields: Any
) -> Any:
    body = {"guideline": "civil", **fields}
    return client.post(f"/api/v1/comments/{comment}/reports", json=body, headers=headers or {})


def test_a_report_is_answered_with_thanks_and_a_receipt(
    client: FlaskClient, comment: str, bob: Reader
) -> None:
    answer = send(client, comment, bob.headers, detail="A slur in the second line.")
    assert answer.status_code == 201
    assert "Thank you" in answer.json["message"]
    report = answer.json["report"]
    assert report["state"] == "open"
    assert "team for review" in report["outcome"]
    assert report["guideline"]["title"] == "Be civil"
    assert "slur" not in answer.text


def test_the_same_reader_again_updates_the_report(
    client: FlaskClient, comment: str, bob: Reader
) -> None:
    first = send(client, comment, bob.headers)
    second = send(client, comment, bob.headers, guideline="spam")
    assert second.status_code == 200
    assert second.json["report"]["id"] == first.json["report"]["id"]
    assert second.json["report"]["guideline"]["id"] == "spam"


@pytest.mark.parametrize(
    ("locale", "words", "title"),
    [
        ("ga", "Go raibh maith agat", "Bí sibhialta"),
        ("de", "Vielen Dank", "Bleiben Sie höflich"),
        ("fr", "Merci", "Restez courtois"),
        ("es", "Gracias", "Sea respetuoso"),
        ("nl", "Thank you", "Be civil"),
    ],
)
def test_thanks_and_guideline_come_in_the_sites_language(
    client: FlaskClient,
    ctx: Context,
    site: Site,
    comment: str,
    bob: Reader,
    locale: str,
    words: str,
    title: str,
) -> None:
    with ctx.transaction() as tx:
        tx.session.get_one(Site, site.id).locale = locale
    answer = send(client, comment, bob.headers).json
    assert answer["message"].startswith(words)
    assert answer["report"]["guideline"]["title"] == title


def test_a_guideline_that_is_not_offered_is_named_with_those_that_are(
    client: FlaskClient, comment: str, bob: Reader
) -> None:
    answer = send(client, comment, bob.headers, guideline="illegal")
    assert answer.status_code == 422
    assert "civil" in answer.json["errors"]["guideline"][0]


@pytest.mark.parametrize(
    "fields",
    [
        {"guideline": None},
        {"guideline": 7},
        {"detail": "x" * 1_001},
        {"detail": "nul \x00"},
        {"unknown": 1},
        {"guideline": "x" * 65},
    ],
)
def test_bad_input_names_the_field(
    client: FlaskClient, comment: str, bob: Reader, fields: dict[str, Any]
) -> None:
    answer = send(client, comment, bob.headers, **fields)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == set(fields)


def test_what_cannot_be_reported_is_told_by_code(
    client: FlaskClient, comment: str, ann: Reader, bob: Reader
) -> None:
    assert send(client, comment, ann.headers).json["code"] == "own_comment"
    pending = ann.post("Not scored yet.").json["id"]
    assert send(client, pending, bob.headers).status_code == 404
    client.delete(f"/api/v1/comments/{comment}", headers=ann.headers)
    gone = send(client, comment, bob.headers)
    assert (gone.status_code, gone.json["code"]) == (409, "comment_withdrawn")
    assert send(client, str(uuid4()), bob.headers).status_code == 404


def test_visitors_report_where_the_site_takes_guests_and_nowhere_else(
    client: FlaskClient, ctx: Context, make: Makers, comment: str
) -> None:
    refused = send(client, comment)
    assert (refused.status_code, refused.json["code"]) == (401, "credential_missing")
    other = make.site("open", guests_allowed=True)
    desk = Reporting(ctx, make, other, make.article(other))
    path = f"/api/v1/comments/{desk.comment().id}/reports?site=open"
    assert client.post(path, json={"guideline": "civil"}).status_code == 201
    assert client.post(path, json={"guideline": "spam"}).status_code == 200


def test_a_publisher_and_a_moderator_do_not_report(
    client: FlaskClient, make: Makers, site: Site, comment: str, publisher: dict[str, str]
) -> None:
    assert send(client, comment, publisher).status_code == 403
    assert send(client, comment, make.moderator(site).headers).status_code == 403


def test_more_than_twenty_reports_a_day_are_too_many(
    client: FlaskClient, comment: str, bob: Reader
) -> None:
    reader = bearer(reader_token(f"eager-{uuid4()}"))
    codes = [send(client, comment, reader).status_code for _ in range(21)]
    assert codes[:20] == [201] + [200] * 19
    assert codes[20] == 429
    assert send(client, comment, bob.headers).status_code == 201


def test_thirty_fresh_accounts_never_hide_an_innocent_comment(
    client: FlaskClient, make: Makers, desk: Reporting, comment: str
) -> None:
    for number in range(30):
        headers = bearer(reader_token(f"troll-{number}"))
        guideline = "civil" if number % 3 else "hate"
        assert send(client, comment, headers, guideline=guideline).status_code == 201
    assert client.get(f"/api/v1/comments/{comment}").status_code == 200


def test_three_honest_known_reporters_do(
    client: FlaskClient, desk: Reporting, comment: str
) -> None:
    for reader in [desk.known() for _ in range(3)]:
        headers = bearer(reader_token(reader.external_id))
        assert send(client, comment, headers).status_code == 201
    assert client.get(f"/api/v1/comments/{comment}").status_code == 404


def test_ones_reports_are_listed_with_what_became_of_them(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    for number in range(3):
        posted = ann.published(f"Remark number {number} on the bridge.")
        send(client, posted["id"], bob.headers)
    page = bob.get("/me/reports?limit=2").json
    rest = bob.get(f"/me/reports?limit=2&cursor={page['next_cursor']}").json
    assert [len(page["reports"]), len(rest["reports"])] == [2, 1]
    assert page["reports"][0]["comment_id"] == posted["id"]
    assert rest["next_cursor"] is None
    assert ann.get("/me/reports").json["reports"] == []


def test_a_moderator_sweeps_reports_that_look_organised(
    client: FlaskClient, make: Makers, site: Site, comment: str
) -> None:
    for number in range(8):
        send(client, comment, bearer(reader_token(f"troll-{number}")))
    path = f"/api/v1/moderation/comments/{comment}/reports/invalidation"
    lead = make.moderator(site, role=Role.LEAD).headers
    assert client.post(path, json={}, headers=lead).json == {"invalidated": 8}
    assert client.post(path, json={}, headers=lead).json == {"invalidated": 0}
    assert client.post(path, json={}).status_code == 401


def test_a_moderator_of_another_site_sweeps_nothing(
    client: FlaskClient, make: Makers, comment: str
) -> None:
    stranger = make.moderator(make.site("other")).headers
    path = f"/api/v1/moderation/comments/{comment}/reports/invalidation"
    assert client.post(path, json={}, headers=stranger).status_code == 404
