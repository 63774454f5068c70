"""Working the review queue over HTTP: claiming, deciding, reversing, escalating."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.domain.identity import Role
from service.models import Article, Comment, Event, Reader, Site, StatementOfReasons
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.api.conftest import Reader as Commenter
from tests.makers import FixedEngine, Makers, ModeratorMade

pytestmark = pytest.mark.usefixtures("article")

ABUSIVE = 0.97
API = "/api/v1"


class Desk:
    """A moderator at work."""

    def __init__(self, client: FlaskClient, who: ModeratorMade) -> None:
        self._client, self.headers, self.id = client, who.headers, str(who.id)

    def get(self, path: str) -> Any:
        return self._client.get(f"{API}{path}", headers=self.headers)

    def post(self, path: str, **body: Any) -> Any:
        return self._client.post(f"{API}{path}", json=body, headers=self.headers)

    def put(self, path: str) -> Any:
        return self._client.put(f"{API}{path}", headers=self.headers)

    def delete(self, path: str) -> Any:
        return self._client.delete(f"{API}{path}", headers=self.headers)

    def queue(self, **query: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._client.get(
            f"{API}/moderation/queue", query_string=query, headers=self.headers
        ).json["items"]
        return items

    def decide(self, item: dict[str, Any], action: str, **more: Any) -> Any:
        body = {"action": action, "version": item["version"], **more}
        return self.post(f"/moderation/items/{item['id']}/decisions", **body)


@pytest.fixture
def desk(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "mairead"))


@pytest.fixture
def colleague(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "cormac"))


@pytest.fixture
def lead(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "lead", role=Role.LEAD))


@pytest.fixture
def held(article: Article, ann: Commenter, ctx: Context) -> dict[str, Any]:
    """A comment of Ann's that the machine found abusive and holds."""
    comment = ann.post("You are a disgrace to the harbour.").json
    score_comments(ctx, FixedEngine(toxicity=ABUSIVE))
    return dict(comment)


def comment_of(ctx: Context, comment: dict[str, Any]) -> Comment:
    with ctx.reading() as session:
        return session.scalars(select(Comment).where(Comment.id == comment["id"])).one()


def kinds(ctx: Context, comment: dict[str, Any]) -> list[str]:
    with ctx.reading() as session:
        query = select(Event.kind).where(Event.comment_id == comment["id"]).order_by(Event.id)
        return list(session.scalars(query))


@pytest.mark.usefixtures("held")
def test_a_held_comment_is_in_the_queue_with_its_reasons_and_what_its_priority_is_made_of(
    desk: Desk,
) -> None:
    [item] = desk.queue()
    assert item["reasons"] == ["toxic"]
    assert item["state"] == "open"
    assert item["status"] == "held"
    assert item["severe"] is True
    parts = item["priority"]
    assert parts["total"] >= parts["rule"] > 0
    assert set(parts) >= {"harm", "waiting", "urgency", "rule", "floor", "breached"}


def test_approving_publishes_and_tells_the_author(
    desk: Desk, ann: Commenter, held: dict[str, Any], ctx: Context
) -> None:
    [item] = desk.queue()
    answer = desk.decide(item, "approve")
    assert answer.status_code == 201
    assert answer.json["state"] == "decided"
    assert answer.json["decision"]["automated"] is False
    assert ann.get(f"/comments/{held['id']}").json["status"] == "published"
    assert comment_of(ctx, held).human_decision == "approved"
    assert desk.queue() == []


def test_rejecting_needs_a_guideline_and_leaves_everything_a_restriction_owes(
    desk: Desk, held: dict[str, Any], ctx: Context, ann: Commenter
) -> None:
    [item] = desk.queue()
    refused = desk.decide(item, "reject")
    assert refused.status_code == 422
    assert "guideline" in refused.json["errors"]
    assert comment_of(ctx, held).status == "held"
    answer = desk.decide(item, "reject", guideline="civil", note="Plain abuse.")
    assert answer.status_code == 201
    assert answer.json["decision"]["to_status"] == "rejected"
    assert kinds(ctx, held)[-1] != "comment.held"
    assert "comment.rejected" in kinds(ctx, held)
    with ctx.reading() as session:
        statement = session.scalars(
            select(StatementOfReasons).where(StatementOfReasons.comment_id == held["id"])
        ).one()
        assert statement.guideline == "civil"
        assert statement.automated_decision == "partially"
        author = session.get_one(Reader, comment_of(ctx, held).reader_id)
        assert author.strikes == 1
    assert ann.get(f"/comments/{held['id']}").json["status"] == "rejected"


@pytest.mark.parametrize("guideline", ["no-such-clause", "1"])
@pytest.mark.usefixtures("held")
def test_an_unknown_guideline_is_named(desk: Desk, guideline: str) -> None:
    [item] = desk.queue()
    answer = desk.decide(item, "reject", guideline=guideline)
    assert answer.status_code == 422
    assert "civil" in answer.json["errors"]["guideline"][0]


@pytest.mark.usefixtures("held")
def test_a_stale_version_is_a_conflict_and_changes_nothing(desk: Desk) -> None:
    [item] = desk.queue()
    answer = desk.decide(item | {"version": item["version"] + 1}, "approve")
    assert (answer.status_code, answer.json["code"]) == (409, "stale_version")
    assert desk.queue()[0]["state"] == "open"


@pytest.mark.usefixtures("held")
def test_a_claimed_item_is_decided_by_its_holder_only(desk: Desk, colleague: Desk) -> None:
    [claimed] = desk.post("/moderation/claims", count=5).json["items"]
    assert claimed["claim"]["mine"] is True
    assert colleague.post("/moderation/claims", count=5).json["items"] == []
    seen = colleague.queue()[0]
    assert seen["claim"]["moderator_id"] == desk.id
    assert seen["claim"]["id"] is None
    answer = colleague.decide(seen, "approve")
    assert (answer.status_code, answer.json["code"]) == (409, "claimed_by_other")
    own = desk.decide(claimed, "approve", claim_id=claimed["claim"]["id"])
    assert own.status_code == 201


@pytest.mark.usefixtures("held")
def test_a_claim_is_renewed_released_and_then_lost(desk: Desk, colleague: Desk) -> None:
    [item] = desk.post("/moderation/claims").json["items"]
    claim = item["claim"]["id"]
    assert desk.put(f"/moderation/claims/{claim}").status_code == 200
    assert colleague.delete(f"/moderation/claims/{claim}").json["code"] == "lost_lease"
    assert desk.delete(f"/moderation/claims/{claim}").status_code == 204
    answer = desk.decide(item, "approve", claim_id=claim)
    assert (answer.status_code, answer.json["code"]) == (409, "lost_lease")


@pytest.mark.usefixtures("held")
def test_what_was_skipped_goes_to_somebody_else(desk: Desk, colleague: Desk) -> None:
    [item] = desk.post("/moderation/claims").json["items"]
    path = f"/moderation/claims/{item['claim']['id']}/skip"
    assert desk.post(path, reason="because").status_code == 422
    assert desk.post(path, reason="unsure").status_code == 204
    assert desk.post("/moderation/claims").json["items"] == []
    assert len(colleague.post("/moderation/claims").json["items"]) == 1


@pytest.mark.usefixtures("held")
def test_what_two_moderators_skipped_goes_to_a_lead(
    desk: Desk, colleague: Desk, lead: Desk
) -> None:
    for one in (desk, colleague):
        [item] = one.post("/moderation/claims").json["items"]
        one.post(f"/moderation/claims/{item['claim']['id']}/skip", reason="context")
    [left] = lead.post("/moderation/claims").json["items"]
    assert (left["escalated_to"], left["skip_count"]) == ("lead", 2)


def test_undone_at_once_the_comment_waits_again_and_nobody_is_told(
    desk: Desk, ann: Commenter, held: dict[str, Any], ctx: Context
) -> None:
    [item] = desk.queue()
    decision = desk.decide(item, "reject", guideline="civil").json["decision"]
    undone = desk.post(f"/decisions/{decision['id']}/reversal")
    assert (undone.status_code, undone.json["action"]) == (201, "undo")
    assert comment_of(ctx, held).status == "held"
    assert desk.queue()[0]["id"] == item["id"]
    assert ann.get("/me/notifications").json["notifications"] == []
    with ctx.reading() as session:
        assert session.get_one(Reader, comment_of(ctx, held).reader_id).strikes == 0
    again = desk.post(f"/decisions/{decision['id']}/reversal")
    assert (again.status_code, again.json["code"]) == (409, "already_reversed")


def test_another_moderators_decision_is_reversed_by_a_lead_only(
    desk: Desk, colleague: Desk, lead: Desk, held: dict[str, Any], ctx: Context
) -> None:
    [item] = desk.queue()
    decision = desk.decide(item, "reject", guideline="civil").json["decision"]
    assert colleague.post(f"/decisions/{decision['id']}/reversal").status_code == 403
    reversed_ = lead.post(f"/decisions/{decision['id']}/reversal", note="Was plain speech.")
    assert (reversed_.status_code, reversed_.json["action"]) == (201, "reverse")
    assert comment_of(ctx, held).status == "held"
    assert [waiting["id"] for waiting in desk.queue()] == [item["id"]]


@pytest.mark.usefixtures("held")
def test_escalated_items_go_to_those_they_were_escalated_to(
    desk: Desk, colleague: Desk, lead: Desk
) -> None:
    [item] = desk.queue()
    path = f"/moderation/items/{item['id']}/escalation"
    assert desk.post(path, to="mayor").status_code == 422
    assert desk.post(path, to="lead", version=item["version"]).status_code == 204
    assert colleague.post("/moderation/claims").json["items"] == []
    [claimed] = lead.post("/moderation/claims").json["items"]
    assert claimed["escalated_to"] == "lead"


@pytest.mark.usefixtures("held")
def test_a_second_opinion_that_differs_goes_to_a_lead(
    desk: Desk, colleague: Desk, lead: Desk
) -> None:
    [item] = desk.queue()
    path = f"/moderation/items/{item['id']}/escalation"
    assert desk.post(path, to="second_opinion").status_code == 422
    first = {"action": "reject", "guideline": "civil"}
    assert desk.post(path, to="second_opinion", opinion=first).status_code == 204
    assert desk.post("/moderation/claims").json["items"] == []
    [given] = colleague.post("/moderation/claims").json["items"]
    assert colleague.get(f"/moderation/items/{given['id']}").json["first_opinion"] is None
    answer = colleague.decide(given, "approve")
    assert answer.json["comparison"] == "disagreed"
    assert answer.json["decision"] is None
    [last] = lead.post("/moderation/claims").json["items"]
    view = lead.get(f"/moderation/items/{last['id']}").json
    assert view["first_opinion"]["action"] == "reject"


@pytest.mark.usefixtures("held")
def test_the_log_says_where_differing_opinions_went(
    desk: Desk, colleague: Desk, ctx: Context
) -> None:
    [item] = desk.queue()
    first = {"action": "reject", "guideline": "civil"}
    path = f"/moderation/items/{item['id']}/escalation"
    desk.post(path, to="second_opinion", opinion=first)
    [given] = colleague.post("/moderation/claims").json["items"]
    colleague.decide(given, "approve")
    with ctx.reading() as session:
        told = session.scalars(
            select(Event).where(Event.kind == "review.escalated").order_by(Event.id)
        ).all()
    assert [event.data["to"] for event in told] == ["second_opinion", "lead"]
    assert [str(event.actor_id) for event in told] == [desk.id, colleague.id]


def test_bulk_decisions_stand_or_fail_one_by_one(
    desk: Desk, ann: Commenter, ctx: Context, held: dict[str, Any]
) -> None:
    ann.post("You again, and your silly boat.")
    score_comments(ctx, FixedEngine(toxicity=ABUSIVE))
    items = desk.queue()
    entries = [{"item_id": i["id"], "version": i["version"]} for i in items]
    entries[0]["version"] += 7
    results = desk.post(
        "/moderation/decisions", action="reject", guideline="civil", items=entries
    ).json["results"]
    assert [(r["ok"], r["code"]) for r in results] == [(False, "stale_version"), (True, None)]
    assert len(desk.queue()) == 1
    assert held["id"]


def test_the_item_shows_everything_needed_to_decide(
    desk: Desk, ann: Commenter, bob: Commenter, ctx: Context
) -> None:
    top = bob.published("Who pays for the ferry?")
    ann.published("The council does.", parent_id=top["id"])
    reply = ann.post("Only fools ask that.", parent_id=top["id"]).json
    score_comments(ctx, FixedEngine(toxicity=ABUSIVE))
    [item] = desk.queue()
    view = desk.get(f"/moderation/items/{item['id']}").json
    assert view["comment_id"] == reply["id"]
    assert [c["id"] for c in view["ancestors"]] == [top["id"]]
    assert view["revisions"][0]["body"] == "Only fools ask that."
    assert view["article"]["key"] == "harbour-bridge"
    assert {score["task"] for score in view["scores"]} == {"toxicity", "relevance"}
    fired = [rule["rule"] for rule in view["decisions"][0]["rules"]]
    assert "abuse-likely" in fired
    assert view["author_history"]["counts"] == {"published": 1, "held": 1}
    assert "reject" in view["actions"]
    assert "restore" not in view["actions"]


def test_similar_past_decisions_are_shown_the_nearest_first(
    desk: Desk, ann: Commenter, bob: Commenter, ctx: Context, held: dict[str, Any]
) -> None:
    [item] = desk.queue()
    desk.decide(item, "reject", guideline="civil")
    bob.post("You are a disgrace to the harbour and all of us.")
    score_comments(ctx, FixedEngine(toxicity=ABUSIVE))
    [other] = desk.queue()
    [similar] = desk.get(f"/moderation/items/{other['id']}").json["similar"]
    assert (similar["action"], similar["guideline"]) == ("reject", "civil")
    assert similar["distance"] <= 0.01
    assert held["id"]
    assert ann is not bob


def test_the_queue_is_searched_and_filtered(
    desk: Desk, ann: Commenter, ctx: Context, held: dict[str, Any]
) -> None:
    ann.post("Nonsense about lighthouses, you clown.")
    score_comments(ctx, FixedEngine(toxicity=ABUSIVE))
    assert len(desk.queue()) == 2
    assert [i["comment_id"] for i in desk.queue(q="disgrace")] == [held["id"]]
    assert len(desk.queue(q="-lighthouses")) == 1
    assert desk.queue(reason="spam") == []
    assert len(desk.queue(reason="toxic", article="harbour-bridge")) == 2
    assert len(desk.queue(**{"from": "2000-01-01T00:00:00+00:00"})) == 2
    assert desk.queue(to="2000-01-01T00:00:00+00:00") == []
    first = desk.get("/moderation/queue?limit=1").json
    second = desk.get(f"/moderation/queue?limit=1&cursor={first['next_cursor']}").json
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert second["next_cursor"] is None


def test_queues_are_counted(desk: Desk, held: dict[str, Any]) -> None:
    [count] = desk.get("/moderation/queues").json["queues"]
    assert (count["queue"], count["depth"], count["claimed"]) == ("toxic", 1, 0)
    desk.post("/moderation/claims")
    assert desk.get("/moderation/queues").json["queues"][0]["claimed"] == 1
    assert held["id"]


@pytest.mark.usefixtures("held")
def test_a_moderator_of_another_site_sees_nothing(
    client: FlaskClient, make: Makers, desk: Desk
) -> None:
    stranger = Desk(client, make.moderator(make.site("elsewhere"), "stranger"))
    [item] = desk.queue()
    assert stranger.queue() == []
    assert stranger.get(f"/moderation/items/{item['id']}").status_code == 404
    assert stranger.decide(item, "approve").status_code == 404
    assert stranger.post("/moderation/claims", item_id=item["id"]).status_code == 404


@pytest.mark.usefixtures("held")
def test_an_edit_makes_what_a_moderator_saw_stale(
    desk: Desk, ann: Commenter, client: FlaskClient, ctx: Context
) -> None:
    [item] = desk.queue()
    client.patch(
        f"{API}/comments/{item['comment_id']}", json={"body": "Sorry."}, headers=ann.headers
    )
    answer = desk.decide(item, "reject", guideline="civil")
    assert answer.status_code == 409
    score_comments(ctx, FixedEngine())
    assert desk.decide(item, "reject", guideline="civil").json["code"] == "stale_version"


@pytest.mark.usefixtures("held")
def test_a_withdrawn_comment_leaves_the_queue(
    desk: Desk, ann: Commenter, client: FlaskClient
) -> None:
    [item] = desk.queue()
    client.delete(f"{API}/comments/{item['comment_id']}", headers=ann.headers)
    assert desk.queue() == []
