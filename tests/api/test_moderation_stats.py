"""Second looks and the figures on moderation, over HTTP, against a count by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.models import Article, Decision, QaSample, ReviewItem, Site, utc_now
from service.queries.moderation_stats import cohens_kappa
from service.usecases.context import Context
from service.usecases.draw_sample import draw_sample
from service.usecases.score_comments import score_comments
from service.usecases.sweep_reviews import sweep_reviews
from tests.api.conftest import Reader as Commenter
from tests.api.test_moderation_items import Desk
from tests.makers import FixedEngine, Makers


@pytest.fixture
def desk(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "mairead"))


@pytest.fixture
def colleague(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "cormac"))


@pytest.fixture
def decided(article: Article, ann: Commenter, ctx: Context, desk: Desk) -> dict[str, Any]:
    """A comment that a moderator rejected."""
    ann.post("You are a disgrace to the harbour.")
    score_comments(ctx, FixedEngine(toxicity=0.97))
    [item] = desk.queue()
    answer: dict[str, Any] = desk.decide(item, "reject", guideline="civil").json["decision"]
    return answer


def draw(ctx: Context, decision_id: str) -> None:
    """Draw this decision for a second look, whatever the dice said, and put it in the queue."""
    only_draw(ctx, decision_id)
    later = replace(ctx, clock=lambda: utc_now() + timedelta(minutes=1))
    assert sweep_reviews(later).samples == 1


def only_draw(ctx: Context, decision_id: str) -> None:
    """Draw this decision, unless the dice already did."""
    with ctx.transaction() as tx:
        row = tx.session.get_one(Decision, decision_id)
        known = tx.session.scalars(select(QaSample).where(QaSample.decision_id == row.id)).first()
        if known is None:
            policy = ctx.policy(row.site_id)
            draw_sample(
                tx.session, decision=row, policy=policy, now=ctx.clock(), chance=lambda: 0.0
            )


def stats(desk: Desk) -> dict[str, Any]:
    today = utc_now().date()
    answer = desk.get(f"/moderation/stats?from={today - timedelta(days=1)}&to={today}")
    assert answer.status_code == 200
    return dict(answer.json)


def test_a_second_look_is_blind_and_not_the_first_moderators(
    desk: Desk, colleague: Desk, ctx: Context, decided: dict[str, Any]
) -> None:
    draw(ctx, decided["id"])
    assert desk.post("/moderation/claims").json["items"] == []
    [item] = colleague.post("/moderation/claims").json["items"]
    assert item["reasons"] == ["qa"]
    assert item["status"] is None
    view = colleague.get(f"/moderation/items/{item['id']}").json
    assert view["blind"] is True
    assert view["decisions"] == view["scores"] == view["reports"] == view["similar"] == []
    assert view["human_decision"] == "none"
    # Nor does anything else tell how the comment stands.
    assert view["actions"] == ["approve", "reject"]
    assert view["author_history"]["counts"] == {}
    assert view["author_history"]["recent"] == []


def test_agreeing_changes_nothing_and_is_counted(
    desk: Desk, colleague: Desk, ctx: Context, decided: dict[str, Any]
) -> None:
    draw(ctx, decided["id"])
    [item] = colleague.post("/moderation/claims").json["items"]
    answer = colleague.decide(item, "hide", guideline="civil")
    assert answer.json["comparison"] == "agreed"
    assert answer.json["decision"] is None
    figures = stats(desk)["quality"]
    assert (figures["human_agreement"]["hits"], figures["human_agreement"]["total"]) == (1, 1)
    assert figures["automated_errors"]["total"] == 0
    assert figures["automated_errors"]["rate"]["value"] is None


def test_disagreeing_goes_to_a_lead_who_decides_for_real(
    desk: Desk, colleague: Desk, ctx: Context, decided: dict[str, Any]
) -> None:
    draw(ctx, decided["id"])
    [item] = colleague.post("/moderation/claims").json["items"]
    assert colleague.decide(item, "approve").json["comparison"] == "disagreed"
    with ctx.reading() as session:
        found = session.get_one(ReviewItem, item["id"])
        assert (found.state, found.escalated_to) == ("escalated", "lead")
    assert stats(desk)["quality"]["human_agreement"]["hits"] == 0


def test_the_machines_errors_are_counted_per_rule_with_an_interval(
    article: Article, ann: Commenter, colleague: Desk, ctx: Context
) -> None:
    ann.published("The ferry is late again.")
    with ctx.reading() as session:
        decision = session.scalars(select(Decision).where(Decision.automated)).one()
    draw(ctx, str(decision.id))
    [item] = colleague.post("/moderation/claims").json["items"]
    colleague.decide(item, "reject", guideline="spam")
    figures = stats(colleague)["quality"]
    [rule] = figures["errors_by_rule"]
    assert (rule["name"], rule["hits"], rule["total"]) == ("none", 1, 1)
    assert rule["rate"]["low"] < rule["rate"]["value"] == 1.0


def test_a_decision_taken_back_before_anybody_looked_is_void(
    desk: Desk, ctx: Context, decided: dict[str, Any]
) -> None:
    only_draw(ctx, decided["id"])
    desk.post(f"/decisions/{decided['id']}/reversal")
    [item] = desk.queue()
    desk.decide(item, "approve")
    sweep_reviews(replace(ctx, clock=lambda: utc_now() + timedelta(minutes=1)))
    with ctx.reading() as session:
        drawn = select(QaSample.state).where(QaSample.decision_id == decided["id"])
        assert session.scalars(drawn).one() == "void"


def test_a_second_look_is_void_once_the_comment_comes_up_for_another_reason(
    article: Article,
    ann: Commenter,
    bob: Commenter,
    client: FlaskClient,
    desk: Desk,
    ctx: Context,
) -> None:
    comment = ann.published("The ferry is late again.")
    with ctx.reading() as session:
        decision = session.scalars(select(Decision).where(Decision.automated)).one()
    draw(ctx, str(decision.id))
    path = f"/api/v1/comments/{comment['id']}/reports"
    client.post(path, json={"guideline": "civil"}, headers=bob.headers)
    [item] = desk.queue()
    assert item["reasons"] == ["qa", "toxic"]
    assert desk.decide(item, "approve").json["decision"]["action"] == "approve"
    with ctx.reading() as session:
        known = session.scalars(select(QaSample).where(QaSample.decision_id == decision.id)).one()
        assert known.state == "void"


def test_volumes_and_waits_are_what_was_decided(desk: Desk, decided: dict[str, Any]) -> None:
    found = stats(desk)
    counted = {(v["action"], v["automated"]): v["count"] for v in found["volumes"]}
    # The first strike of the ladder is a warning.
    assert counted == {("hold", True): 1, ("reject", False): 1, ("warn", False): 1}
    [wait] = found["waits"]
    assert (wait["queue"], wait["count"]) == ("toxic", 1)
    assert [(s["name"], s["hits"], s["total"]) for s in found["overturned"]] == [("person", 0, 1)]
    assert decided["action"] == "reject"


def test_what_people_overturned_is_counted_by_the_rule_that_held_it(
    article: Article, ann: Commenter, bob: Commenter, ctx: Context, desk: Desk
) -> None:
    for author, action in ((ann, "approve"), (bob, "reject")):
        author.post("You are a disgrace to the harbour.")
        score_comments(ctx, FixedEngine(toxicity=0.97))
        [item] = desk.queue()
        desk.decide(item, action, **({"guideline": "civil"} if action == "reject" else {}))
    ann.post("Nobody has looked at this one, you fools.")
    score_comments(ctx, FixedEngine(toxicity=0.97))

    by_rule = {share["name"]: share for share in stats(desk)["overturned_by_rule"]}
    assert (by_rule["abuse-likely"]["hits"], by_rule["abuse-likely"]["total"]) == (1, 2)


@pytest.mark.parametrize(
    "query", ["", "?from=2026-02-30&to=2026-03-01", "?from=2026-03-01&to=2026-02-01"]
)
def test_an_absurd_period_is_refused(desk: Desk, query: str) -> None:
    assert desk.get(f"/moderation/stats{query}").status_code == 422


def test_kappa_is_agreement_beyond_chance() -> None:
    assert cohens_kappa([(True, True), (False, False)]) == 1.0
    assert cohens_kappa([(True, False), (False, True)]) == -1.0
    assert cohens_kappa([(True, True), (True, False), (False, True), (False, False)]) == 0.0
    assert cohens_kappa([(True, True)]) is None
    assert cohens_kappa([]) is None
