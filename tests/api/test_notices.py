"""Notices over HTTP: no account needed, a receipt with a clock, and an answer with redress."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from service.api import report_limits
from service.domain.identity import Role
from service.models import Decision, Notice, Site
from service.usecases.context import Context
from tests.api.conftest import Reader
from tests.makers import Makers

pytestmark = pytest.mark.usefixtures("article")

NOTICE: dict[str, Any] = {
    "category": "defamation",
    "explanation": "It says that I took bribes, which is untrue.",
    "name": "Nora Notice",
    "email": "nora@example.org",
    "good_faith": True,
}


@pytest.fixture
def comment(ann: Reader) -> str:
    """The id of Ann's public comment."""
    return str(ann.published("The mayor was paid for the bridge.")["id"])


@pytest.fixture
def counsel(make: Makers, site: Site) -> dict[str, str]:
    return make.moderator(site, role=Role.LEGAL).headers


def give(client: FlaskClient, comment: str, **fields: Any) -> Any:
    return client.post(f"/api/v1/comments/{comment}/notices", json={**NOTICE, **fields})


def follow(client: FlaskClient, receipt: Any, secret: str | None = None) -> Any:
    headers = {"X-Notice-Secret": secret or receipt["secret"]}
    return client.get(f"/api/v1/notices/{receipt['reference']}", headers=headers)


def decide(client: FlaskClient, notice_id: Any, headers: dict[str, str], **fields: Any) -> Any:
    body = {"action": "remove", "ground": "illegal", "reason": "It names a person.", **fields}
    path = f"/api/v1/moderation/notices/{notice_id}/decisions"
    return client.post(path, json=body, headers=headers)


def stored(ctx: Context, reference: str) -> Notice:
    with ctx.reading() as session:
        return session.scalars(select(Notice).where(Notice.reference == reference)).one()


def make_final(ctx: Context, notice: Notice) -> None:
    """As if the time for undoing were over."""
    with ctx.transaction() as tx:
        tx.session.execute(
            update(Decision)
            .where(Decision.id == Notice.decision_id, Notice.id == notice.id)
            .values(final_at=ctx.clock() - timedelta(seconds=1))
            .execution_options(synchronize_session=False)
        )


def test_anybody_gives_notice_and_gets_a_receipt_with_a_reference_and_a_clock(
    client: FlaskClient, comment: str
) -> None:
    answer = give(client, comment)
    assert answer.status_code == 201
    receipt = answer.json
    assert receipt["state"] == "open"
    assert receipt["reference"] in receipt["receipt"]
    assert receipt["due_at"] > receipt["received_at"]
    assert "person decides" in receipt["automation"]
    assert "court" in receipt["redress"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_notice_again_is_another_notice(client: FlaskClient, comment: str) -> None:
    references = {give(client, comment).json["reference"] for _ in range(3)}
    assert len(references) == 3


def test_defamation_takes_its_particulars(client: FlaskClient, ctx: Context, comment: str) -> None:
    particulars = {
        "meaning": "That I am corrupt.",
        "inaccurate_parts": "All of it.",
        "poster_cannot_be_identified": True,
        "consent_to_pass_name": False,
        "consent_to_pass_email": False,
    }
    receipt = give(client, comment, particulars=particulars).json
    assert stored(ctx, receipt["reference"]).particulars == particulars


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"category": "rudeness"}, {"category"}),
        ({"explanation": "too short"}, {"explanation"}),
        ({"explanation": "x" * 5_001}, {"explanation"}),
        ({"name": None, "email": None}, {"name", "email"}),
        ({"email": "nowhere"}, {"email"}),
        ({"good_faith": False}, {"good_faith"}),
        ({"category": "fraud", "particulars": {"meaning": "x"}}, {"particulars"}),
        ({"particulars": {"unknown": 1}}, {"particulars"}),
        ({"law": "x" * 501}, {"law"}),
        ({"unknown": 1}, {"unknown"}),
    ],
)
def test_bad_input_names_the_field(
    client: FlaskClient, comment: str, fields: dict[str, Any], wrong: set[str]
) -> None:
    answer = give(client, comment, **fields)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == wrong


def test_child_sexual_abuse_needs_no_name(client: FlaskClient, comment: str) -> None:
    fields = {"category": "child_sexual_abuse", "name": None, "email": None}
    assert give(client, comment, **fields).status_code == 201


def test_notice_of_what_never_was_public_finds_nothing(client: FlaskClient, ann: Reader) -> None:
    assert give(client, ann.post("Not scored yet.").json["id"]).status_code == 404
    assert give(client, str(uuid4())).status_code == 404


def test_a_notice_is_opened_by_reference_and_secret_only(client: FlaskClient, comment: str) -> None:
    receipt = give(client, comment).json
    assert follow(client, receipt).json["reference"] == receipt["reference"]
    assert "secret" not in follow(client, receipt).json
    assert follow(client, receipt, "nt_wrong").status_code == 404
    assert client.get(f"/api/v1/notices/{receipt['reference']}").status_code == 422


def test_the_answer_is_told_once_it_is_final(
    client: FlaskClient, ctx: Context, comment: str, counsel: dict[str, str]
) -> None:
    receipt = give(client, comment).json
    notice = stored(ctx, receipt["reference"])
    assert decide(client, notice.id, counsel).status_code == 201
    before = follow(client, receipt).json
    assert (before["state"], before["answer"], before["decided_at"]) == ("open", None, None)
    make_final(ctx, notice)
    after = follow(client, receipt).json
    assert (after["state"], after["answer"]) == ("upheld", "It names a person.")
    assert "six months" in after["redress"]
    assert client.get(f"/api/v1/comments/{comment}").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MODERATOR, 403), (Role.LEAD, 201), (Role.LEGAL, 201), (Role.ADMIN, 201)],
)
def test_notices_are_decided_by_legal_and_leads(
    client: FlaskClient,
    ctx: Context,
    make: Makers,
    site: Site,
    comment: str,
    role: Role,
    status: int,
) -> None:
    notice = stored(ctx, give(client, comment).json["reference"])
    assert decide(client, notice.id, make.moderator(site, role=role).headers).status_code == status


def test_who_sent_a_notice_is_shown_to_those_who_decide(
    client: FlaskClient,
    ctx: Context,
    make: Makers,
    site: Site,
    comment: str,
    counsel: dict[str, str],
) -> None:
    notice = stored(ctx, give(client, comment).json["reference"])
    path = f"/api/v1/moderation/notices/{notice.id}"
    seen = client.get(path, headers=counsel).json
    assert (seen["name"], seen["email"]) == ("Nora Notice", "nora@example.org")
    assert seen["changed_since"] is False
    for_others = client.get(path, headers=make.moderator(site).headers).json
    assert (for_others["name"], for_others["email"]) == (None, None)
    assert for_others["explanation"] == seen["explanation"]


def test_the_list_shows_each_clock_and_who_is_late(
    client: FlaskClient, ctx: Context, comment: str, counsel: dict[str, str]
) -> None:
    late, soon = (stored(ctx, give(client, comment).json["reference"]) for _ in range(2))
    with ctx.transaction() as tx:
        tx.session.get_one(Notice, late.id).due_at = ctx.clock() - timedelta(minutes=5)
    rows = client.get("/api/v1/moderation/notices", headers=counsel).json["notices"]
    assert [row["id"] for row in rows] == [str(late.id), str(soon.id)]
    assert [row["breached"] for row in rows] == [True, False]
    assert rows[0]["minutes_left"] < 0 < rows[1]["minutes_left"]
    decide(client, soon.id, counsel)
    upheld = client.get("/api/v1/moderation/notices?state=upheld", headers=counsel).json
    assert [row["id"] for row in upheld["notices"]] == [str(soon.id)]
    page = client.get("/api/v1/moderation/notices?limit=1", headers=counsel).json
    assert page["next_cursor"] is None


def test_a_moderator_of_another_site_sees_and_decides_nothing(
    client: FlaskClient, ctx: Context, make: Makers, comment: str
) -> None:
    notice = stored(ctx, give(client, comment).json["reference"])
    stranger = make.moderator(make.site("other"), role=Role.LEGAL).headers
    assert client.get("/api/v1/moderation/notices", headers=stranger).json["notices"] == []
    path = f"/api/v1/moderation/notices/{notice.id}"
    assert client.get(path, headers=stranger).status_code == 404
    assert decide(client, notice.id, stranger).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"action": "burn"}, {"ground": "taste"}, {"reason": ""}, {"guideline": "civil"}],
)
def test_a_bad_decision_names_the_field(
    client: FlaskClient, ctx: Context, comment: str, counsel: dict[str, str], fields: dict[str, Any]
) -> None:
    notice = stored(ctx, give(client, comment).json["reference"])
    answer = decide(client, notice.id, counsel, **fields)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == set(fields)


def test_a_flood_of_notices_is_slowed_down(
    client: FlaskClient, comment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_limits, "NOTICE_RATE", "3 per day")
    codes = [give(client, comment).status_code for _ in range(4)]
    assert codes == [201, 201, 201, 429]
