"""Readers over HTTP: a moderator's view, sanctions, proposals; a reader's own account."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from service.domain.identity import Role
from service.models import Article, Reader, Site
from service.usecases.context import Context
from service.usecases.recognise_reader import recognise_reader
from tests.api.conftest import Reader as SignedIn
from tests.makers import Makers

MANY_QUERIES = 25


@pytest.fixture
def moderator(make: Makers, site: Site) -> dict[str, str]:
    return make.moderator(site).headers


@pytest.fixture
def lead(make: Makers, site: Site) -> dict[str, str]:
    return make.moderator(site, role=Role.LEAD).headers


@pytest.fixture
def ann_row(ctx: Context, site: Site) -> Reader:
    return recognise_reader(ctx, site_id=site.id, external_id="ann", username="Ann")


def path(reader: Reader, rest: str = "") -> str:
    return f"/api/v1/moderation/readers/{reader.id}{rest}"


def test_a_moderator_sees_a_readers_whole_record(
    client: FlaskClient,
    article: Article,
    ann: SignedIn,
    ann_row: Reader,
    moderator: dict[str, str],
) -> None:
    ann.published("The bridge should have opened in May, as was promised.")
    client.post(path(ann_row, "/notes"), json={"note": "Writes from the port."}, headers=moderator)
    client.post(
        path(ann_row, "/sanctions"),
        json={"kind": "premoderate", "guideline": "civil", "days": 14},
        headers=moderator,
    )
    page = client.get(path(ann_row), headers=moderator).json
    assert page["reader"]["standing"] == "premoderated"
    assert page["comments_by_status"] == {"published": 1}
    assert page["rejection_rate_30d"] == 0.0
    assert [s["kind"] for s in page["live_sanctions"]] == ["premoderate"]
    assert [n["body"] for n in page["notes"]] == ["Writes from the port."]
    assert [d["action"] for d in page["decisions"]] == ["premoderate", "publish"]
    assert len(page["comments"]) == 1
    assert page["reports_made"] == []


def test_the_record_takes_few_queries(
    client: FlaskClient, ctx: Context, ann_row: Reader, moderator: dict[str, str]
) -> None:
    statements: list[str] = []
    with ctx.reading() as session:
        connection = session.connection()
        event.listen(
            connection,
            "before_cursor_execute",
            lambda *args: statements.append(args[2]),
        )
    client.get(path(ann_row), headers=moderator)
    assert 0 < len(statements) < MANY_QUERIES


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"kind": "exile", "guideline": "civil"}, 422, "kind"),
        ({"kind": "warn", "guideline": "manners"}, 422, "guideline"),
        ({"kind": "warn"}, 422, "guideline"),
        ({"kind": "suspend", "guideline": "civil"}, 422, "days"),
        ({"kind": "suspend", "guideline": "civil", "days": 3651}, 422, "days"),
        ({"kind": "suspend", "guideline": "civil", "days": 0}, 422, "days"),
        ({"kind": "suspend", "guideline": "civil", "days": "7"}, 422, "days"),
        (
            {"kind": "suspend", "guideline": "civil", "ends_at": "2020-01-01T00:00:00Z"},
            422,
            "ends_at",
        ),
        (
            {"kind": "suspend", "guideline": "civil", "ends_at": "9999-12-31T23:59:59Z"},
            422,
            "ends_at",
        ),
        ({"kind": "warn", "guideline": "civil", "mood": "grim"}, 422, "mood"),
        ({"kind": "suspend", "guideline": "civil", "days": 31}, 403, None),
        ({"kind": "ban", "guideline": "civil"}, 403, None),
    ],
)
def test_a_wrong_sanction_is_a_problem_that_names_the_field(
    client: FlaskClient,
    ann_row: Reader,
    moderator: dict[str, str],
    fields: dict[str, Any],
    status: int,
    problem: str | None,
) -> None:
    answer = client.post(path(ann_row, "/sanctions"), json=fields, headers=moderator)
    assert answer.status_code == status
    if problem is not None:
        assert problem in answer.json["errors"]


def test_a_warned_reader_reads_it_acknowledges_it_and_goes_on(
    client: FlaskClient,
    article: Article,
    ann: SignedIn,
    ann_row: Reader,
    moderator: dict[str, str],
) -> None:
    client.post(
        path(ann_row, "/sanctions"), json={"kind": "warn", "guideline": "civil"}, headers=moderator
    )
    refused = ann.post("And another thing about the bridge.")
    assert (refused.status_code, refused.json["code"]) == (403, "warning_unacknowledged")
    (warning,) = ann.get("/me").json["warnings"]
    assert warning["guideline"]["id"] == "civil"
    assert warning["id"] in refused.json["detail"]
    done = client.post(f"/api/v1/me/warnings/{warning['id']}/acknowledgement", headers=ann.headers)
    assert done.status_code == 200
    assert ann.get("/me").json["warnings"] == []
    assert ann.post("And another thing about the bridge.").status_code == 202


def test_a_suspended_reader_sees_until_when(
    client: FlaskClient, ann: SignedIn, ann_row: Reader, moderator: dict[str, str]
) -> None:
    given = client.post(
        path(ann_row, "/sanctions"),
        json={"kind": "suspend", "guideline": "civil", "days": 3},
        headers=moderator,
    ).json["sanction"]
    me = ann.get("/me").json
    assert (me["standing"], me["standing_until"]) == ("suspended", given["ends_at"])
    lifted = client.delete(
        path(ann_row, f"/sanctions/{given['id']}"), json={"note": "Mixed up."}, headers=moderator
    )
    assert lifted.json["end_reason"] == "lifted"
    assert ann.get("/me").json["standing"] == "active"
    again = client.delete(
        path(ann_row, f"/sanctions/{given['id']}"), json={"note": "Mixed up."}, headers=moderator
    )
    assert again.status_code == 409


def test_a_ban_waits_for_a_second_lead(
    client: FlaskClient,
    make: Makers,
    site: Site,
    ann: SignedIn,
    ann_row: Reader,
    lead: dict[str, str],
    moderator: dict[str, str],
) -> None:
    made = client.post(
        path(ann_row, "/sanctions"), json={"kind": "ban", "guideline": "hate"}, headers=lead
    ).json
    assert made["sanction"] is None
    (proposal,) = client.get("/api/v1/moderation/proposals", headers=moderator).json["proposals"]
    address = f"/api/v1/moderation/proposals/{proposal['id']}/decisions"
    yes = {"outcome": "confirm"}
    assert client.post(address, json=yes, headers=moderator).status_code == 403
    assert client.post(address, json=yes, headers=lead).status_code == 409
    assert client.post(address, json={"outcome": "maybe"}, headers=lead).status_code == 422
    other = make.moderator(site, role=Role.LEAD).headers
    assert client.post(address, json=yes, headers=other).json["state"] == "confirmed"
    assert ann.get("/me").json["standing"] == "banned"
    assert client.get("/api/v1/moderation/proposals", headers=lead).json["proposals"] == []


def test_a_referrals_evidence_is_for_leads_and_legal_only(
    client: FlaskClient,
    make: Makers,
    site: Site,
    article: Article,
    ann: SignedIn,
    lead: dict[str, str],
    moderator: dict[str, str],
) -> None:
    comment = ann.published("Wait until I find out where he parks his car.")
    made = client.post(
        f"/api/v1/moderation/comments/{comment['id']}/referrals",
        json={"guideline": "threat", "note": "Names a person."},
        headers=moderator,
    )
    assert made.status_code == 201
    address = f"/api/v1/moderation/proposals/{made.json['id']}/evidence"
    assert client.get(address, headers=moderator).status_code == 403
    legal = make.moderator(site, role=Role.LEGAL).headers
    pack = client.get(address, headers=legal).json
    assert pack["comment"]["revisions"][0]["text"].startswith("Wait until")
    assert "referral" not in str(ann.get("/me/export").json)
    assert "proposal" not in str(ann.get("/me/export").json["events"])


def test_a_reader_of_another_site_is_not_there(
    client: FlaskClient, make: Makers, ann_row: Reader
) -> None:
    foreign = make.moderator(make.site("other"), role=Role.ADMIN).headers
    assert client.get(path(ann_row), headers=foreign).status_code == 404
    body = {"kind": "warn", "guideline": "civil"}
    assert client.post(path(ann_row, "/sanctions"), json=body, headers=foreign).status_code == 404
    assert (
        client.post(path(ann_row, "/notes"), json={"note": "x"}, headers=foreign).status_code == 404
    )


def test_readers_are_not_shown_to_readers(
    client: FlaskClient, ann: SignedIn, ann_row: Reader
) -> None:
    assert client.get(path(ann_row), headers=ann.headers).status_code == 403
    assert client.get(path(ann_row)).status_code == 401


def test_a_reader_takes_everything_out_and_is_erased(
    client: FlaskClient, article: Article, ann: SignedIn
) -> None:
    ann.published("The old bridge carried my grandfather to school.")
    export = ann.get("/me/export").json
    assert export["revisions"][0]["body"].startswith("The old bridge")
    assert export["reader"]["external_id"] == "ann"
    done = client.delete("/api/v1/me", headers=ann.headers)
    assert done.json == {"erased": 1, "kept": []}
    thread = client.get("/api/v1/articles/harbour-bridge/comments").json
    assert (thread["comment_count"], thread["threads"]) == (0, [])
    assert ann.get("/me/comments").json["comments"] == [], "a new sign-in is a new reader"
