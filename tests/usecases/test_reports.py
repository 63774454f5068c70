"""Reports: kept once each, weighed, able to reopen and to hide, and answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from service.domain.action import ModeratorAction
from service.domain.automation import DecisionSource
from service.domain.errors import Conflict, Invalid, NotFound, Unauthenticated
from service.domain.identity import Role
from service.domain.report import ReportState
from service.models import (
    Article,
    Comment,
    Decision,
    Event,
    Notification,
    Reader,
    ReviewItem,
    Site,
    StatementOfReasons,
)
from service.queries.reports import own_reports, reports_on
from service.usecases.close_reports import close_reports, turn_reports
from service.usecases.context import Context
from service.usecases.edit_comment import edit_comment
from service.usecases.expire_reporters import expire_reporters
from service.usecases.identify_caller import SignedInModerator
from service.usecases.invalidate_reports import invalidate_reports
from service.usecases.lock_comment import lock_comment
from service.usecases.open_review import close_item
from service.usecases.score_comments import score_comments
from service.usecases.take_decision import take_decision
from service.usecases.withdraw_comment import withdraw_comment
from tests.makers import FixedEngine, Makers
from tests.reporters import Reporting, later

Decide = Callable[..., Decision]


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def desk(ctx: Context, make: Makers, site: Site, article: Article) -> Reporting:
    return Reporting(ctx, make, site, article)


@pytest.fixture
def moderator(make: Makers, site: Site) -> SignedInModerator:
    return SignedInModerator(make.moderator(site).id, "Mo", Role.MODERATOR)


@pytest.fixture
def decide(ctx: Context, site: Site, moderator: SignedInModerator) -> Decide:
    """A person decides on a comment, its reports are closed and the item is done."""

    def run(comment: Comment, action: str, guideline: str | None = None) -> Decision:
        with ctx.transaction() as tx:
            locked = lock_comment(tx.session, comment.id, site_id=site.id)
            item = tx.session.scalars(
                select(ReviewItem).where(ReviewItem.comment_id == comment.id)
            ).one_or_none()
            decision = take_decision(
                tx,
                ctx,
                comment=locked,
                action=ModeratorAction(action),
                guideline=guideline,
                note=None,
                actor=moderator,
                source=DecisionSource.REPORT,
                item=item,
                undo_window=timedelta(seconds=20),
            )
            close_reports(
                tx.session,
                comment=locked,
                decision=decision,
                state=ReportState.UPHELD if guideline else ReportState.DISMISSED,
                now=ctx.clock(),
                send_at=decision.final_at,
            )
            if item is not None:
                close_item(item, ctx.clock())
        return decision

    return run


def count(ctx: Context, table: type, *where: Any) -> int:
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


# --- what is stored ---------------------------------------------------------------------------


def test_a_report_keeps_a_snapshot_of_the_text_and_leaves_an_event_without_it(
    ctx: Context, desk: Reporting
) -> None:
    comment, reader = desk.comment(), desk.fresh()
    received = desk.report(comment, reader, "spam", detail="  An advertisement.  ")
    report = received.report
    assert received.created
    assert (report.guideline, report.family, report.detail) == ("spam", "spam", "An advertisement.")
    assert report.revision == 1
    assert report.body_hash == hashlib.sha256(comment.body.encode()).hexdigest()
    with ctx.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "report.received")).one()
    assert event.actor_id == reader.id
    assert event.data["report"] == str(report.id)
    assert "advertisement" not in str(event.data)


def test_a_second_report_of_the_same_reader_takes_the_place_of_the_first(desk: Reporting) -> None:
    comment, reader = desk.comment(), desk.fresh()
    first = desk.report(comment, reader, "civil")
    second = desk.report(comment, reader, "hate", detail="It is about where they come from.")
    assert not second.created
    assert [row.id for row in desk.rows(comment)] == [first.report.id]
    assert desk.rows(comment)[0].guideline == "hate"


def test_visitors_without_an_account_are_told_apart_by_address_and_browser(
    ctx: Context, make: Makers
) -> None:
    site = make.site("open", guests_allowed=True)
    desk = Reporting(ctx, make, site, make.article(site))
    comment = desk.comment()
    assert desk.report(comment, None, address="192.0.2.1", user_agent="A").created
    assert not desk.report(comment, None, address="192.0.2.1", user_agent="A").created
    assert desk.report(comment, None, address="192.0.2.1", user_agent="B").created
    assert desk.report(comment, None, address="192.0.2.9", user_agent="A").created
    rows = desk.rows(comment)
    assert len({row.guest_hash for row in rows}) == 3
    assert len({row.network_hash for row in rows}) == 1
    assert "192.0.2" not in str([(r.guest_hash, r.network_hash) for r in rows])


def test_a_visitor_is_forgotten_after_two_weeks_and_the_report_stays(
    ctx: Context, make: Makers
) -> None:
    site = make.site("open", guests_allowed=True)
    desk = Reporting(ctx, make, site, make.article(site))
    comment = desk.comment()
    desk.report(comment, None, address="192.0.2.1")
    desk.report(comment, desk.fresh(), address="192.0.2.1")
    assert expire_reporters(later(ctx, days=13)) == 0
    assert expire_reporters(later(ctx, days=15)) == 2
    visitor, reader = desk.rows(comment)
    assert visitor.guest_hash is None and visitor.network_hash is None and visitor.expired
    assert reader.network_hash is None and not reader.expired
    assert expire_reporters(later(ctx, days=15)) == 0


def test_where_guests_may_not_speak_visitors_may_not_report(desk: Reporting) -> None:
    with pytest.raises(Unauthenticated):
        desk.report(desk.comment(), None, address="192.0.2.1")


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("guideline", ["no-such-clause", "illegal", ""])
def test_a_guideline_that_is_not_offered_is_refused_with_the_list_of_those_that_are(
    desk: Reporting, guideline: str
) -> None:
    comment = desk.comment()
    with pytest.raises(Invalid) as refusal:
        desk.report(comment, desk.fresh(), guideline)
    message = refusal.value.errors["guideline"][0]
    assert "civil" in message and "spam" in message
    assert "illegal" not in message
    assert desk.rows(comment) == []


def test_ones_own_comment_cannot_be_reported(desk: Reporting, make: Makers, site: Site) -> None:
    reader = make.reader(site)
    comment = make.published(desk.article, reader)
    with pytest.raises(Conflict) as refusal:
        desk.report(comment, reader)
    assert refusal.value.code == "own_comment"


def test_a_withdrawn_comment_cannot_be_reported(ctx: Context, desk: Reporting) -> None:
    comment = desk.comment()
    withdraw_comment(ctx, comment_id=comment.id, reader_id=comment.reader_id)
    with pytest.raises(Conflict) as refusal:
        desk.report(comment, desk.fresh())
    assert refusal.value.code == "comment_withdrawn"
    assert desk.rows(comment) == []


def test_a_comment_of_another_site_does_not_exist(
    ctx: Context, make: Makers, desk: Reporting
) -> None:
    other = make.site("other")
    elsewhere = Reporting(ctx, make, other, make.article(other))
    with pytest.raises(NotFound):
        elsewhere.report(desk.comment(), make.reader(other))


# --- the queue --------------------------------------------------------------------------------


def test_a_report_puts_the_comment_into_its_guidelines_queue(desk: Reporting) -> None:
    comment = desk.comment()
    desk.report(comment, desk.fresh(), "on_topic")
    item = desk.item(comment)
    assert item is not None
    assert item.reasons == ["off_topic"]
    assert item.p_violation is not None and 0 < item.p_violation < 0.95
    assert item.severity_weight == 5


def test_reports_under_two_guidelines_are_one_item_with_both_reasons(desk: Reporting) -> None:
    comment = desk.comment()
    for guideline in ("spam", "spam", "civil", "civil", "civil"):
        desk.report(comment, desk.fresh(), guideline)
    item = desk.item(comment)
    assert item is not None
    assert set(item.reasons) == {"spam", "toxic"}


def test_a_reliable_reporter_weighs_more_than_many_fresh_ones(desk: Reporting) -> None:
    by_one, by_many = desk.comment(), desk.comment()
    desk.report(by_one, desk.known())
    for _ in range(4):
        desk.report(by_many, desk.fresh())
    one, many = desk.item(by_one), desk.item(by_many)
    assert one is not None and many is not None
    assert (one.p_violation or 0) > (many.p_violation or 0)


def test_fresh_reporters_together_are_one_voice(desk: Reporting) -> None:
    comment = desk.comment()
    desk.report(comment, desk.fresh())
    alone = desk.item(comment)
    for _ in range(3):
        desk.report(comment, desk.fresh())
    together = desk.item(comment)
    assert alone is not None and together is not None
    assert together.p_violation == pytest.approx(alone.p_violation)


def test_a_record_counts_in_its_own_family_only(desk: Reporting) -> None:
    comment = desk.comment()
    desk.report(comment, desk.known(family="spam"), "civil")
    seen = reports_seen(desk, comment)
    assert [(s.reliability.known, s.reliable) for s in seen] == [(False, False)]


def test_moderators_see_each_reporters_record(desk: Reporting) -> None:
    comment = desk.comment()
    good, bad = desk.known(upheld=6), desk.known(upheld=0, dismissed=6)
    for reader in (good, bad, desk.fresh()):
        desk.report(comment, reader)
    seen = reports_seen(desk, comment)
    assert [s.reliable for s in seen] == [True, False, False]
    assert [s.reliability.adjudicated for s in seen] == [6, 6, 0]
    assert seen[0].username == good.username


def reports_seen(desk: Reporting, comment: Comment) -> list[Any]:
    with desk.ctx.reading() as session:
        return reports_on(session, comment.id)


def test_a_muted_reporter_is_kept_and_weighs_nothing(ctx: Context, desk: Reporting) -> None:
    comment, reader = desk.comment(), desk.known()
    with ctx.transaction() as tx:
        until = ctx.clock() + timedelta(days=1)
        tx.session.execute(
            update(Reader).where(Reader.id == reader.id).values(reports_muted_until=until)
        )
    desk.report(comment, reader)
    assert len(desk.rows(comment)) == 1
    assert desk.item(comment) is None


# --- after a person has decided (moderation.md §4.1) -------------------------------------------


def reported_and_approved(desk: Reporting, decide: Decide) -> Comment:
    comment = desk.comment()
    desk.report(comment, desk.fresh(), "civil")
    decide(comment, "approve")
    return comment


def state_of_item(desk: Reporting, comment: Comment) -> str:
    item = desk.item(comment)
    assert item is not None
    return item.state


def test_the_same_guideline_within_a_day_is_kept_and_does_not_reopen(
    desk: Reporting, decide: Decide
) -> None:
    comment = reported_and_approved(desk, decide)
    received = desk.report(comment, desk.fresh(), "civil")
    assert received.report.already_reviewed
    assert len(desk.rows(comment)) == 2
    assert state_of_item(desk, comment) == "decided"


def test_another_guideline_reopens_an_approved_comment(desk: Reporting, decide: Decide) -> None:
    comment = reported_and_approved(desk, decide)
    assert not desk.report(comment, desk.fresh(), "privacy").report.already_reviewed
    assert state_of_item(desk, comment) == "open"
    assert "review.reopened" in desk.events(comment.id)


def test_after_a_day_the_same_guideline_reopens(
    ctx: Context, desk: Reporting, decide: Decide
) -> None:
    comment = reported_and_approved(desk, decide)
    desk.report(comment, desk.fresh(), "civil", ctx=later(ctx, hours=25))
    assert state_of_item(desk, comment) == "open"


def test_an_edited_text_reopens(ctx: Context, desk: Reporting, decide: Decide) -> None:
    comment = reported_and_approved(desk, decide)
    edit_comment(ctx, comment_id=comment.id, reader_id=comment.reader_id, body="Quite other words.")
    score_comments(ctx, FixedEngine())
    received = desk.report(comment, desk.fresh(), "civil")
    assert not received.report.already_reviewed
    assert received.report.revision == 2
    assert state_of_item(desk, comment) == "open"


def test_reports_that_reach_the_bar_reopen_and_never_hide_what_a_person_approved(
    desk: Reporting, decide: Decide, make: Makers
) -> None:
    comment = reported_and_approved(desk, decide)
    for reader in [desk.known(upheld=8) for _ in range(3)]:
        assert desk.report(comment, reader, "civil").report.already_reviewed
    assert state_of_item(desk, comment) == "open"
    assert make.reload(comment).status == "published"


def test_a_dismissed_report_sent_again_stays_dismissed(
    ctx: Context, desk: Reporting, decide: Decide
) -> None:
    comment, reader = desk.comment(), desk.fresh()
    desk.report(comment, reader, "civil")
    decide(comment, "approve")
    again = desk.report(comment, reader, "civil")
    assert (again.report.state, again.report.already_reviewed) == ("dismissed", True)
    other = desk.report(comment, reader, "spam")
    assert (other.report.state, other.report.decided_at) == ("open", None)


# --- hiding -----------------------------------------------------------------------------------


def test_three_honest_known_reporters_hide_until_a_person_looks(
    ctx: Context, desk: Reporting, make: Makers
) -> None:
    comment = desk.comment()
    for reader in [desk.known(upheld=6) for _ in range(3)]:
        desk.report(comment, reader, "hate")
    hidden = make.reload(comment)
    assert hidden.status == "hidden"
    assert make.reload(desk.article).published_count == count(
        ctx, Comment, Comment.status == "published"
    )
    with ctx.reading() as session:
        decision = session.scalars(select(Decision).where(Decision.source == "report")).one()
        statement = session.scalars(select(StatementOfReasons)).one()
    assert (decision.action, decision.guideline) == ("hide", "hate")
    assert (decision.from_status, decision.to_status) == ("published", "hidden")
    assert (decision.automated, decision.automated_detection) == (True, False)
    assert decision.automated_decision == "fully"
    assert decision.signals["reports"]["reliable"] >= 2
    assert (statement.decision_id, statement.guideline) == (decision.id, "hate")
    assert desk.events(comment.id)[-1] == "comment.hidden"
    item = desk.item(comment)
    assert item is not None and item.state == "open"


def test_fresh_accounts_alone_never_hide_whatever_the_model_says(
    desk: Reporting, make: Makers, ctx: Context
) -> None:
    comment = make.comment(desk.article, make.reader(desk.site))
    score_comments(ctx, FixedEngine(toxicity=0.58))
    assert make.reload(comment).status == "published"
    for place in range(12):
        desk.report(comment, desk.fresh(), ctx=later(ctx, hours=2 * place))
    assert make.reload(comment).status == "published"


def test_an_edit_takes_the_weight_of_reports_on_the_old_text_away(
    ctx: Context, desk: Reporting, make: Makers
) -> None:
    comment = desk.comment()
    readers = [desk.known() for _ in range(3)]
    desk.report(comment, readers[0])
    edit_comment(ctx, comment_id=comment.id, reader_id=comment.reader_id, body="Quite other words.")
    score_comments(ctx, FixedEngine())
    desk.report(comment, readers[1])
    before = desk.item(comment)
    assert before is not None and (before.p_violation or 1) < 0.95
    assert make.reload(comment).status == "published"


def test_a_comment_is_hidden_by_reports_once_per_revision(
    ctx: Context, desk: Reporting, make: Makers, decide: Decide
) -> None:
    comment = desk.comment()
    readers = [desk.known() for _ in range(6)]
    for reader in readers[:3]:
        desk.report(comment, reader)
    assert make.reload(comment).status == "hidden"
    decide(comment, "restore")
    with ctx.transaction() as tx:  # as after the reversal of a person's decision
        tx.session.execute(
            update(Comment).where(Comment.id == comment.id).values(human_decision="none")
        )
    for reader in readers[3:]:
        desk.report(comment, reader, "hate")
    assert make.reload(comment).status == "published"
    by_reports = (Decision.comment_id == comment.id, Decision.source == "report")
    assert count(ctx, Decision, *by_reports, Decision.automated) == 1


# --- brigades ---------------------------------------------------------------------------------


def test_a_burst_of_fresh_accounts_is_suspected_once_and_hides_nothing(
    ctx: Context, desk: Reporting, make: Makers
) -> None:
    comment = desk.comment()
    for _ in range(8):
        desk.report(comment, desk.fresh())
    assert make.reload(comment).status == "published"
    assert all(row.suspected for row in desk.rows(comment))
    assert desk.events(comment.id).count("brigade.suspected") == 1


def test_suspicion_freezes_hiding_until_a_moderator_sweeps_the_cohort(
    ctx: Context, desk: Reporting, make: Makers, moderator: SignedInModerator, site: Site
) -> None:
    comment = desk.comment()
    honest = [desk.known() for _ in range(3)]
    for _ in range(6):
        desk.report(comment, desk.fresh())
    much_later = later(ctx, hours=3)
    for reader in honest[:2]:
        desk.report(comment, reader, ctx=much_later)
    assert make.reload(comment).status == "published"
    before = desk.item(comment)
    swept = invalidate_reports(
        much_later, site_id=site.id, comment_id=comment.id, moderator=moderator
    )
    assert swept == 6
    states = [row.state for row in desk.rows(comment)]
    assert states == ["invalidated"] * 6 + ["open"] * 2
    after = desk.item(comment)
    assert before is not None and after is not None
    assert after.version == before.version + 1
    assert desk.events(comment.id)[-2:] == ["report.invalidated", "brigade.cleared"]
    desk.report(comment, honest[2], ctx=much_later)
    assert make.reload(comment).status == "hidden"


def test_invalidated_reports_are_in_nobodys_record(
    desk: Reporting, moderator: SignedInModerator, site: Site
) -> None:
    reader = desk.known(upheld=3)
    first, second = desk.comment(), desk.comment()
    desk.report(first, reader)
    invalidate_reports(
        desk.ctx,
        site_id=site.id,
        comment_id=first.id,
        moderator=moderator,
        only_suspected=False,
    )
    desk.report(second, reader)
    assert reports_seen(desk, second)[0].reliability.adjudicated == 3


# --- outcomes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "guideline", "state"),
    [("remove", "civil", "upheld"), ("approve", None, "dismissed")],
)
def test_a_decision_closes_the_reports_and_tells_their_senders_when_it_is_final(
    ctx: Context, desk: Reporting, decide: Decide, action: str, guideline: str | None, state: str
) -> None:
    comment, reader = desk.comment(), desk.fresh()
    desk.report(comment, reader)
    decision = decide(comment, action, guideline)
    row = desk.rows(comment)[0]
    assert (row.state, row.decision_id) == (state, decision.id)
    with ctx.reading() as session:
        told = session.scalars(select(Notification).where(Notification.reader_id == reader.id))
        message = told.one()
        shown = [
            own_reports(session, reader_id=reader.id, after=None, limit=5, now=at).items[0].state
            for at in (ctx.clock(), ctx.clock() + timedelta(seconds=30))
        ]
    assert (message.kind, message.data["state"]) == ("report.outcome", state)
    assert message.send_at == decision.final_at
    assert shown == ["open", state]
    assert desk.events(comment.id).count("report.decided") == 1


@pytest.mark.parametrize("undone", [True, False])
def test_a_reversal_turns_the_reports(
    ctx: Context, desk: Reporting, decide: Decide, undone: bool
) -> None:
    comment, reader = desk.comment(), desk.fresh()
    desk.report(comment, reader)
    decision = decide(comment, "remove", "civil")
    state = ReportState.OPEN if undone else ReportState.DISMISSED
    with ctx.transaction() as tx:
        turned = turn_reports(tx.session, decision=decision, state=state, now=ctx.clock())
    assert turned == 1
    row = desk.rows(comment)[0]
    assert row.state == state
    assert (row.decision_id is None) is undone
    told = count(ctx, Notification, Notification.reader_id == reader.id)
    assert told == (0 if undone else 1)


def test_ones_own_reports_come_newest_first_page_by_page(ctx: Context, desk: Reporting) -> None:
    reader = desk.fresh()
    comments = [desk.comment() for _ in range(5)]
    for comment in comments:
        desk.report(comment, reader)
    seen, after = [], None
    for _ in range(3):
        with ctx.reading() as session:
            page = own_reports(session, reader_id=reader.id, after=after, limit=2, now=ctx.clock())
        seen += [own.report.comment_id for own in page.items]
        after = page.next
    assert seen == [comment.id for comment in reversed(comments)]
    assert after is None
