"""The demo shows every state it promises, with real scores."""

from __future__ import annotations

from service.demo.conversation import CATHAL, CONVERSATION, MAIRE, MODERATORS, STATES
from service.demo.lines import COLM, FERGAL, LINES
from service.demo.play import is_complete, make_moderators
from service.domain.identity import Role
from service.models import (
    Appeal,
    Article,
    Comment,
    Decision,
    Notice,
    Notification,
    Proposal,
    QaSample,
    Report,
    ReviewItem,
    StatementOfReasons,
)
from service.queries.demo import find_item
from service.seed import seed_demo
from tests.conftest import SECRET
from tests.demo.conftest import ADDRESS, Demo


def shown(comment: Comment) -> str:
    """What readers see with a comment besides its text."""
    if comment.featured_at:
        return "featured"
    if comment.label:
        return "labelled"
    if comment.locked:
        return "locked"
    if comment.demoted:
        return "demoted"
    if comment.parent_id is None and (comment.drift_state or {}).get("state") == "left":
        return "drifted"
    return "edited" if comment.edited_at else ""


def test_every_line_becomes_what_it_is_there_to_show(played: Demo) -> None:
    stage = played.stage()
    found = {name: stage.comment(name) for name in STATES}
    assert {name: (one.status, shown(one)) for name, one in found.items()} == STATES
    others = [stage.comment(line.name) for line in LINES if line.name not in STATES]
    assert {one.status for one in others} == {"published"}
    assert not [one.id for one in others if one.demoted]
    statuses = {one.status for one in found.values()}
    assert statuses == {"published", "held", "hidden", "rejected", "removed", "withdrawn"}


def test_nothing_had_to_be_passed_over(played: Demo) -> None:
    assert played.said == [f"{len(CONVERSATION)} of {len(CONVERSATION)} steps played"]


def test_scores_are_those_of_the_models_that_ship(played: Demo) -> None:
    decision = played.all(
        Decision, Decision.comment_id == played.stage().comment("abuse-again").id
    )[0]
    assert decision.automated
    assert decision.signals["scores"]["toxicity"] > 0.9
    assert any(rule["rule"] == "abuse-likely" for rule in decision.rules)


def test_reports_are_open_upheld_and_dismissed(played: Demo) -> None:
    stage = played.stage()
    states = {
        name: {one.state for one in played.all(Report, Report.comment_id == stage.comment(name).id)}
        for name in ("cycle", "sneer", "fund")
    }
    assert states == {"cycle": {"open"}, "sneer": {"upheld"}, "fund": {"dismissed"}}


def test_appeals_are_open_and_granted(played: Demo) -> None:
    stage = played.stage()
    states = {
        name: played.all(Appeal, Appeal.comment_id == stage.comment(name).id)[0].state
        for name in ("sneer", "quote")
    }
    assert states == {"sneer": "filed", "quote": "overturned"}


def test_the_desk_has_a_claim_an_escalation_a_second_look_a_notice_and_a_proposal(
    played: Demo,
) -> None:
    stage = played.stage()

    def item(name: str) -> ReviewItem:
        with played.ctx.reading() as session:
            found = find_item(session, comment_id=stage.comment(name).id)
        assert found is not None
        return found

    assert item("closure-rude").claimed_by == stage.moderators[CATHAL].id
    assert item("insult").escalated_to == "lead"
    assert item("fund").is_second_look
    assert item("sneer").reasons == ["appeals"]
    assert item("cycle").reasons == ["reported"]
    assert item("contract").reasons == ["legal"]
    assert [one.state for one in played.all(Notice)] == ["open"]
    # Others may be drawn by chance, as in life.
    of_fund = QaSample.comment_id == stage.comment("fund").id
    assert [(one.state, one.opened_at is not None) for one in played.all(QaSample, of_fund)] == [
        ("open", True)
    ]
    assert item("roof").reasons == ["drift"]
    assert [(one.action, one.state) for one in played.all(Proposal)] == [("ban", "open")]
    assert stage.comment("number").edit_until is not None


def test_readers_are_warned_suspended_and_told_why(played: Demo) -> None:
    stage = played.stage()
    colm, fergal = stage.reader(COLM), stage.reader(FERGAL)
    assert colm.warning_id is not None
    assert (fergal.standing, fergal.warning_id is not None) == ("suspended", True)
    removed = stage.comment("sneer")
    said = played.all(StatementOfReasons, StatementOfReasons.comment_id == removed.id)
    assert [one.guideline for one in said] == ["civil"]
    assert played.all(Notification, Notification.reader_id == colm.id)


def test_reactions_are_counted(played: Demo) -> None:
    assert played.stage().comment("ferry").reactions == {"respect": 5}


def test_somebody_with_every_right_may_sign_in(played: Demo) -> None:
    made = make_moderators(played.ctx, played.site)
    assert made[MAIRE].role is Role.ADMIN
    assert next(iter(MODERATORS)) == MAIRE


def test_a_second_playing_and_a_second_seeding_change_nothing(played: Demo) -> None:
    before = played.count()
    assert is_complete(played.ctx, played.site)
    played.play()
    seed_demo(played.ctx, secret_key=SECRET, public_url=ADDRESS)
    assert played.count() == before


def test_articles_lead_to_their_pages(played: Demo) -> None:
    urls = {one.key: one.url for one in played.all(Article)}
    assert urls == {
        "harbour-bridge": f"{ADDRESS}/demo",
        "saturday-market": f"{ADDRESS}/demo/saturday-market",
    }
