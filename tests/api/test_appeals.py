"""Appeals and what goes to regulators, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain.identity import Role
from service.models import Decision, Site
from service.usecases.context import Context
from tests.api.conftest import Reader
from tests.api.test_me_decisions import let_time_pass, restrict
from tests.makers import Makers

API = "/api/v1"
WHY = "I argued with the opinion and not with the person."
ANSWER = "We have read it again and it attacks nobody."

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def removal(ctx: Context, make: Makers, site: Site, ann: Reader) -> Decision:
    decision = restrict(ctx, make, site, ann.published("The harbour is a disgrace."))
    let_time_pass(ctx)
    return decision


@pytest.fixture
def headers(make: Makers, site: Site) -> dict[str, str]:
    """A moderator who had no part in it."""
    return make.moderator(site).headers


def appeal(client: FlaskClient, reader: Reader, decision: Decision, body: str = WHY) -> Any:
    return client.post(
        f"{API}/decisions/{decision.id}/appeals", json={"body": body}, headers=reader.headers
    )


def test_an_appeal_goes_from_the_reader_through_the_newsroom_and_back(
    client: FlaskClient, ann: Reader, removal: Decision, headers: dict[str, str]
) -> None:
    filed = appeal(client, ann, removal)
    assert filed.status_code == 201
    assert filed.json["state"] == "filed"
    waiting = client.get(f"{API}/moderation/appeals?state=filed", headers=headers).json["appeals"]
    assert [row["id"] for row in waiting] == [filed.json["id"]]
    seen = client.get(f"{API}/moderation/appeals/{filed.json['id']}", headers=headers).json
    assert seen["text"] == "The harbour is a disgrace."
    assert seen["decision"]["guideline"] == "civil"
    assert "Be civil" in seen["statement"]["ground"]
    assert (seen["may_decide"], seen["is_late"], seen["party"]) == (True, False, "author")
    answer = client.post(
        f"{API}/moderation/appeals/{filed.json['id']}/decisions",
        json={"outcome": "overturn", "reasons": ANSWER},
        headers=headers,
    )
    assert answer.status_code == 201
    assert answer.json["state"] == "overturned"
    comment = ann.get(f"/comments/{removal.comment_id}").json
    assert comment["status"] == "published"
    mine = ann.get("/me/appeals").json["appeals"]
    assert [(row["state"], row["reasons"]) for row in mine] == [("overturned", ANSWER)]
    told = {message["kind"] for message in ann.get("/me/notifications").json["notifications"]}
    assert "appeal.decided" in told


def test_the_decision_shows_its_appeal_and_takes_no_second_one(
    client: FlaskClient, ann: Reader, removal: Decision
) -> None:
    appeal(client, ann, removal)
    found = ann.get("/me/decisions").json["decisions"]
    shown = next(decision for decision in found if decision["id"] == str(removal.id))
    assert shown["appeal"]["state"] == "filed"
    assert shown["can_appeal"] is False
    again = appeal(client, ann, removal)
    assert (again.status_code, again.json["code"]) == (409, "appeal_exists")


def test_a_stranger_finds_nothing_and_too_few_words_are_refused(
    client: FlaskClient, ann: Reader, bob: Reader, removal: Decision
) -> None:
    assert appeal(client, bob, removal).status_code == 404
    short = appeal(client, ann, removal, body="Why?")
    assert short.status_code == 422
    assert "body" in short.json["errors"]


def test_whoever_decided_first_may_not_answer(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, ann: Reader, removal: Decision
) -> None:
    filed = appeal(client, ann, removal).json
    other = make.moderator(make.site("other"))
    path = f"{API}/moderation/appeals/{filed['id']}"
    assert client.get(path, headers=other.headers).status_code == 404
    with ctx.transaction() as tx:
        mine = make.moderator(site)
        tx.session.get_one(Decision, removal.id).actor_id = mine.id
    assert client.get(path, headers=mine.headers).json["may_decide"] is False
    body = {"outcome": "uphold", "reasons": ANSWER}
    refused = client.post(f"{path}/decisions", json=body, headers=mine.headers)
    assert (refused.status_code, refused.json["code"]) == (409, "own_decision")


@pytest.mark.parametrize(
    "body", [{"outcome": "uphold"}, {"outcome": "shrug", "reasons": ANSWER}, {"reasons": ANSWER}]
)
def test_an_answer_needs_an_outcome_and_reasons(
    client: FlaskClient,
    ann: Reader,
    removal: Decision,
    headers: dict[str, str],
    body: dict[str, str],
) -> None:
    filed = appeal(client, ann, removal).json
    path = f"{API}/moderation/appeals/{filed['id']}/decisions"
    assert client.post(path, json=body, headers=headers).status_code == 422


def test_a_notice_without_its_secret_takes_no_appeal(client: FlaskClient, site: Site) -> None:
    path = f"{API}/notices/ABC-123/appeals"
    assert client.post(path, json={"body": WHY}).status_code == 422
    guess = {"X-Notice-Secret": "a guess"}
    assert client.post(path, json={"body": WHY}, headers=guess).status_code == 404
    assert client.get(path, headers=guess).status_code == 404


def test_statements_are_for_lead_and_legal_and_exactly_what_the_database_takes(
    client: FlaskClient, make: Makers, site: Site, removal: Decision, headers: dict[str, str]
) -> None:
    day = removal.created_at.date().isoformat()
    path = f"{API}/moderation/statements?from={day}&to={day}"
    assert client.get(path, headers=headers).status_code == 403
    legal = make.moderator(site, role=Role.LEGAL).headers
    answer = client.get(path, headers=legal)
    assert list(answer.json or {}) == ["statements"]
    assert str(removal.id) in {row["puid"] for row in answer.json["statements"]}
    assert "Link" not in answer.headers


def test_the_report_comes_as_json_and_as_csv(
    client: FlaskClient, make: Makers, site: Site, removal: Decision
) -> None:
    lead = make.moderator(site, role=Role.LEAD).headers
    day = removal.created_at.date().isoformat()
    path = f"{API}/moderation/transparency?from={day}&to={day}"
    figures = client.get(path, headers=lead).json["figures"]
    assert {
        "section": "own_initiative",
        "indicator": "by_measure",
        "category": "remove",
        "value": 1.0,
    } in figures
    table = client.get(f"{path}&format=csv", headers=lead)
    assert table.content_type == "text/csv; charset=utf-8"
    assert table.get_data(as_text=True).startswith("section,indicator,category,value\r\n")


@pytest.mark.parametrize(
    ("period", "field"),
    [
        ("from=2026-02-01&to=2026-01-01", "from"),
        ("from=2010-01-01&to=2026-01-01", "to"),
        ("from=yesterday&to=2026-01-01", "from"),
        ("from=2026-01-01", "to"),
        ("from=0001-01-01&to=9999-12-31", "from"),
        ("from=2099-12-31&to=9999-12-31", "to"),
    ],
)
@pytest.mark.parametrize("name", ["statements", "transparency"])
def test_an_absurd_period_is_refused_by_name(
    client: FlaskClient, make: Makers, site: Site, name: str, period: str, field: str
) -> None:
    lead = make.moderator(site, role=Role.LEAD).headers
    answer = client.get(f"{API}/moderation/{name}?{period}", headers=lead)
    assert answer.status_code == 422
    assert field in answer.json["errors"]
