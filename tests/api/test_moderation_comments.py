"""Acting on a comment that is in no queue."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.models import Article, Report, Site
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.api.conftest import Reader as Commenter
from tests.api.test_moderation_items import Desk
from tests.makers import FixedEngine, Makers

pytestmark = pytest.mark.usefixtures("article")
THREADS = "/api/v1/articles/harbour-bridge/comments"


@pytest.fixture
def desk(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "mairead"))


@pytest.fixture
def public(article: Article, ann: Commenter) -> str:
    """A comment that everybody can read."""
    return str(ann.published("The ferry will be crowded.")["id"])


def test_a_public_comment_is_removed_of_the_newsrooms_own_accord(
    desk: Desk, ann: Commenter, public: str
) -> None:
    path = f"/moderation/comments/{public}/decisions"
    assert desk.post(path, action="remove").status_code == 422
    answer = desk.post(path, action="remove", guideline="civil", revision=1)
    assert answer.status_code == 201
    decision = answer.json
    assert (decision["source"], decision["automated_detection"]) == ("moderator", False)
    assert decision["automated_decision"] == "not"
    assert ann.get(f"/comments/{public}").json["status"] == "removed"
    assert desk.post(path, action="remove", guideline="civil").status_code == 409
    assert desk.post(path, action="restore").json["to_status"] == "published"


def test_another_revision_than_the_one_read_is_a_conflict(desk: Desk, public: str) -> None:
    answer = desk.post(f"/moderation/comments/{public}/decisions", action="feature", revision=2)
    assert (answer.status_code, answer.json["code"]) == (409, "stale_revision")


def test_what_waits_in_the_queue_is_decided_there(desk: Desk, ann: Commenter, ctx: Context) -> None:
    held = ann.post("You are a disgrace to the harbour.").json["id"]
    score_comments(ctx, FixedEngine(toxicity=0.97))
    answer = desk.post(f"/moderation/comments/{held}/decisions", action="approve")
    assert (answer.status_code, answer.json["code"]) == (409, "in_queue")


def test_acknowledging_says_nothing_of_the_reports_here_either(
    client: FlaskClient, desk: Desk, bob: Commenter, public: str, ctx: Context
) -> None:
    path, report = f"/api/v1/comments/{public}/reports", {"guideline": "civil"}
    client.post(path, json=report, headers=bob.headers)
    [item] = desk.queue()
    desk.decide(item, "approve")
    # The same text under the same clause was just looked at: kept, and no item opens for it.
    late = client.post(path, json=report, headers=Commenter(client, ctx, "cat").headers)
    assert desk.queue() == []
    answer = desk.post(f"/moderation/comments/{public}/decisions", action="acknowledge")
    assert answer.status_code == 201
    with ctx.reading() as session:
        assert session.get_one(Report, late.json["report"]["id"]).state == "invalidated"


def test_the_newsroom_picks_comments(client: FlaskClient, desk: Desk, public: str) -> None:
    path = f"/api/v1/comments/{public}/featured"
    assert client.put(path, headers=desk.headers).status_code == 200
    assert client.get(THREADS).json["threads"][0]["featured"] is True
    assert client.put(path, headers=desk.headers).json["code"] == "already_so"
    assert client.delete(path, headers=desk.headers).status_code == 200
    assert client.get(THREADS).json["threads"][0]["featured"] is False


def test_a_locked_thread_takes_no_more_replies(
    desk: Desk, bob: Commenter, public: str, client: FlaskClient
) -> None:
    path = f"/moderation/comments/{public}/decisions"
    assert desk.post(path, action="lock", guideline="on_topic").status_code == 201
    answer = bob.post("May I still answer?", parent_id=public)
    assert (answer.status_code, answer.json["code"]) == (409, "thread_locked")
    assert client.get(THREADS).json["threads"][0]["locked"] is True
    assert desk.post(path, action="unlock").status_code == 201
    assert bob.post("May I still answer?", parent_id=public).status_code == 202


def test_a_label_is_shown_with_the_comment(client: FlaskClient, desk: Desk, public: str) -> None:
    path = f"/moderation/comments/{public}/decisions"
    remark = "The ferry company says it will add a boat."
    refused = desk.post(path, action="label", guideline="civil")
    assert "label" in refused.json["errors"]
    assert desk.post(path, action="label", guideline="civil", label=remark).status_code == 201
    assert client.get(THREADS).json["threads"][0]["label"] == remark


def test_a_moderator_of_another_site_cannot_act(
    client: FlaskClient, make: Makers, public: str
) -> None:
    stranger = Desk(client, make.moderator(make.site("elsewhere"), "stranger"))
    path = f"/moderation/comments/{public}/decisions"
    assert stranger.post(path, action="remove", guideline="civil").status_code == 404


def test_a_comment_kept_as_evidence_is_not_edited(
    client: FlaskClient, desk: Desk, ann: Commenter, public: str
) -> None:
    desk.post(f"/moderation/comments/{public}/decisions", action="preserve")
    answer = client.patch(
        f"/api/v1/comments/{public}", json={"body": "Nothing was said."}, headers=ann.headers
    )
    assert (answer.status_code, answer.json["code"]) == (409, "preserved")
