"""What a reader is told over HTTP: decisions with their reasons, and messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from service.models import Comment, Decision, Notification, Site
from service.usecases.context import Context
from tests.api.conftest import Reader
from tests.makers import Makers
from tests.usecases.breaches import remove, signed_in

API = "/api/v1"

pytestmark = pytest.mark.usefixtures("article")


def restrict(ctx: Context, make: Makers, site: Site, comment: dict[str, Any]) -> Decision:
    """A person removes the comment."""
    with ctx.reading() as session:
        row = session.get_one(Comment, UUID(comment["id"]))
    return remove(ctx, row, signed_in(make, site))


def let_time_pass(ctx: Context) -> None:
    """As if every undo window were over."""
    with ctx.transaction() as tx:
        tx.session.execute(update(Decision).values(final_at=Decision.created_at))
        tx.session.execute(update(Notification).values(send_at=Notification.created_at))


def test_a_restriction_is_listed_with_its_reasons_once_it_is_final(
    ctx: Context, make: Makers, site: Site, ann: Reader, bob: Reader
) -> None:
    decision = restrict(ctx, make, site, ann.published("The harbour is a disgrace."))
    assert ann.get("/me/decisions").json["decisions"] == []
    let_time_pass(ctx)
    found = [d for d in ann.get("/me/decisions").json["decisions"] if d["comment_id"]]
    assert [d["id"] for d in found] == [str(decision.id)]
    assert found[0]["can_appeal"] is True
    assert found[0]["appeal"] is None
    statement = found[0]["statement"]
    assert "removed" in statement["effect"]
    assert "Be civil" in statement["ground"]
    assert "A person took the decision." in statement["automation"]
    assert found[0]["appeal_until"][:10] in statement["redress"]
    assert bob.get("/me/decisions").json["decisions"] == []


def test_decisions_come_newest_first_page_by_page(
    ctx: Context, make: Makers, site: Site, ann: Reader
) -> None:
    comments = [ann.published(f"Comment number {n} on the harbour.") for n in range(3)]
    for comment in comments:
        restrict(ctx, make, site, comment)
    let_time_pass(ctx)
    seen: list[str] = []
    cursor = ""
    while True:
        page = ann.get(f"/me/decisions?limit=2{cursor}").json
        seen += [decision["id"] for decision in page["decisions"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) >= 3
    assert seen == sorted(set(seen), reverse=True)


def test_the_language_is_the_readers_to_choose(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, ann: Reader
) -> None:
    chosen = client.put(f"{API}/me/settings", json={"locale": "ga"}, headers=ann.headers)
    assert chosen.json == {"locale": "ga"}
    restrict(ctx, make, site, ann.published("The harbour is a disgrace."))
    let_time_pass(ctx)
    found = ann.get("/me/decisions").json["decisions"]
    assert {d["statement"]["locale"] for d in found} == {"ga"}
    wrong = client.put(f"{API}/me/settings", json={"locale": "not a tag"}, headers=ann.headers)
    assert wrong.status_code == 422
    assert "locale" in wrong.json["errors"]


def test_messages_wait_for_the_undo_window_and_are_read_once(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, ann: Reader
) -> None:
    restrict(ctx, make, site, ann.published("The harbour is a disgrace."))
    empty = ann.get("/me/notifications").json
    assert (empty["unread"], empty["notifications"]) == (0, [])
    let_time_pass(ctx)
    page = ann.get("/me/notifications").json
    assert page["unread"] == len(page["notifications"]) > 0
    assert "decision.made" in {message["kind"] for message in page["notifications"]}
    read = f"{API}/me/notifications/read"
    one = {"ids": [page["notifications"][0]["id"]]}
    assert client.post(read, json=one, headers=ann.headers).json == {"read": 1}
    assert ann.get("/me/notifications").json["unread"] == page["unread"] - 1
    client.post(read, json={}, headers=ann.headers)
    assert ann.get("/me/notifications").json["unread"] == 0


@pytest.mark.parametrize("path", ["/me/decisions", "/me/notifications", "/me/appeals"])
def test_nobody_reads_them_without_a_token(client: FlaskClient, site: Site, path: str) -> None:
    assert client.get(f"{API}{path}").status_code == 401


def test_the_order_of_pages_is_refused_where_the_cursor_is_not_one(ann: Reader) -> None:
    assert ann.get("/me/decisions?cursor=nonsense").status_code == 422
