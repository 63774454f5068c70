"""Appeals: who may file one, who may answer it, and what an overturning puts back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from service.domain.action import ModeratorAction
from service.domain.appeal import AppealOutcome
from service.domain.automation import DecisionSource
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.notice import Ground, NoticeAction, NoticeCategory
from service.domain.report import ReportState
from service.domain.sanction import SanctionKind
from service.models import (
    Appeal,
    Article,
    Comment,
    Decision,
    Event,
    Notice,
    Notification,
    Reader,
    Report,
    ReviewItem,
    Site,
    Strike,
)
from service.usecases.close_reports import close_reports
from service.usecases.context import Context
from service.usecases.decide_appeal import decide_appeal
from service.usecases.decide_notice import NoticeVerdict, decide_notice
from service.usecases.file_appeal import appeal_of_notice, file_appeal, file_notice_appeal
from service.usecases.give_notice import Given, NoticeFields, give_notice
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.report_comment import Sender, report_comment
from service.usecases.sanction_reader import sanction_reader
from service.usecases.take_decision import take_decision
from tests.makers import Makers
from tests.usecases.breaches import later, remove, sanctions_of, signed_in

WHY = "I argued with the opinion and not with the person."
ANSWER = "We have read it again, and this is what we make of it."


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def author(make: Makers, site: Site) -> Reader:
    return make.reader(site)


@pytest.fixture
def first(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site)


@pytest.fixture
def second(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site)


@pytest.fixture
def comment(make: Makers, article: Article, author: Reader) -> Comment:
    return make.published(article, author)


@pytest.fixture
def removal(ctx: Context, comment: Comment, first: SignedInModerator) -> Decision:
    return remove(ctx, comment, first)


def appeal_as(ctx: Context, reader: Reader, decision: Decision, days: int = 1) -> Appeal:
    return file_appeal(
        later(ctx, days=days),
        site_id=reader.site_id,
        decision_id=decision.id,
        reader_id=reader.id,
        body=WHY,
    )


def answer(
    ctx: Context,
    appeal: Appeal,
    actor: SignedInModerator,
    outcome: str = "overturn",
    guideline: str | None = None,
) -> Appeal:
    return decide_appeal(
        later(ctx, days=2),
        site_id=appeal.site_id,
        appeal_id=appeal.id,
        actor=actor,
        outcome=AppealOutcome(outcome),
        reasons=ANSWER,
        guideline=guideline,
    )


def item_of(ctx: Context, comment: Comment) -> ReviewItem:
    with ctx.reading() as session:
        return session.scalars(select(ReviewItem).where(ReviewItem.comment_id == comment.id)).one()


def reported(ctx: Context, site: Site, comment: Comment, reporter: Reader) -> Report:
    sender = Sender(reader=reporter, address=None, user_agent="")
    return report_comment(
        ctx, site=site, comment_id=comment.id, sender=sender, guideline="civil"
    ).report


def keep(ctx: Context, comment: Comment, actor: SignedInModerator) -> Decision:
    """A person looks at the reports on a comment and lets it stand."""
    with ctx.transaction() as tx:
        locked = lock_comment(tx.session, comment.id, site_id=comment.site_id)
        decision = take_decision(
            tx,
            ctx,
            comment=locked,
            action=ModeratorAction.APPROVE,
            guideline=None,
            note=None,
            actor=actor,
            source=DecisionSource.REPORT,
            item=None,
            undo_window=ctx.limits.undo_window,
        )
        close_reports(
            tx.session,
            comment=locked,
            decision=decision,
            state=ReportState.DISMISSED,
            now=ctx.clock(),
            send_at=decision.final_at,
        )
    return decision


def test_an_author_appeals_and_the_comment_is_before_the_moderators_again(
    ctx: Context, comment: Comment, author: Reader, removal: Decision
) -> None:
    appeal = appeal_as(ctx, author, removal)
    item = item_of(ctx, comment)
    assert (appeal.party, appeal.state) == ("author", "filed")
    assert (appeal.due_at - appeal.created_at).total_seconds() == 72 * 3600
    assert item.state == "open"
    assert item.reasons == ["appeals"]
    assert item.priority >= 60
    with ctx.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "appeal.filed")).one()
    assert event.data["appeal"] == str(appeal.id)
    assert WHY not in str(event.data)


def test_overturning_puts_comment_strikes_sanctions_and_the_reporters_record_back(
    ctx: Context,
    make: Makers,
    site: Site,
    comment: Comment,
    author: Reader,
    first: SignedInModerator,
    second: SignedInModerator,
) -> None:
    report = reported(ctx, site, comment, make.reader(site))
    removal = remove(ctx, comment, first, guideline="hate")
    with ctx.transaction() as tx:
        close_reports(
            tx.session,
            comment=lock_comment(tx.session, comment.id, site_id=site.id),
            decision=tx.session.get_one(Decision, removal.id),
            state=ReportState.UPHELD,
            now=ctx.clock(),
            send_at=ctx.clock(),
        )
    assert make.reload(author).strikes > 0
    assert make.reload(author).standing == "premoderated"
    appeal = answer(ctx, appeal_as(ctx, author, removal), second)
    assert appeal.state == "overturned"
    assert make.reload(comment).status == "published"
    assert make.reload(author).strikes == 0
    assert make.reload(author).standing == "active"
    assert {sanction.end_reason for sanction in sanctions_of(ctx, author)} == {"overturned"}
    assert make.reload(report).state == "dismissed"
    assert make.reload(removal).reversed_at is not None
    assert "appeals" not in item_of(ctx, comment).reasons
    with ctx.reading() as session:
        strikes = session.scalars(select(Strike)).all()
        outcome = session.get_one(Decision, appeal.outcome_id)
        told = session.scalars(
            select(Notification).where(Notification.kind == "appeal.decided")
        ).one()
    assert all(strike.voided_at is not None for strike in strikes)
    assert (outcome.source, outcome.reverses_id) == ("appeal", removal.id)
    assert (told.reader_id, told.data["outcome"]) == (author.id, "overturned")


def test_upholding_changes_nothing_but_tells_the_reasons(
    ctx: Context,
    make: Makers,
    comment: Comment,
    author: Reader,
    removal: Decision,
    second: SignedInModerator,
) -> None:
    appeal = answer(ctx, appeal_as(ctx, author, removal), second, "uphold")
    assert (appeal.state, appeal.reasons) == ("upheld", ANSWER)
    assert appeal.outcome_id is None
    assert make.reload(comment).status == "removed"
    assert make.reload(author).strikes == 1
    assert item_of(ctx, comment).state == "decided"
    with ctx.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "appeal.decided")).one()
    assert event.data["outcome"] == "upheld"
    assert ANSWER not in str(event.data)


def test_nobody_answers_an_appeal_against_the_own_decision(
    ctx: Context, author: Reader, removal: Decision, first: SignedInModerator
) -> None:
    appeal = appeal_as(ctx, author, removal)
    with pytest.raises(Conflict) as refused:
        answer(ctx, appeal, first)
    assert refused.value.code == "own_decision"


def test_an_appeal_is_answered_once(
    ctx: Context, make: Makers, site: Site, author: Reader, removal: Decision
) -> None:
    appeal = answer(ctx, appeal_as(ctx, author, removal), signed_in(make, site), "uphold")
    with pytest.raises(Conflict) as refused:
        answer(ctx, appeal, signed_in(make, site))
    assert refused.value.code == "appeal_decided"


def test_a_second_appeal_is_told_how_far_the_first_has_come(
    ctx: Context, author: Reader, removal: Decision
) -> None:
    appeal_as(ctx, author, removal)
    with pytest.raises(Conflict) as refused:
        appeal_as(ctx, author, removal)
    assert refused.value.code == "appeal_exists"
    assert "filed" in refused.value.detail


@pytest.mark.parametrize(("days", "in_time"), [(180, True), (185, False)])
def test_an_appeal_is_possible_for_six_months(
    ctx: Context, author: Reader, removal: Decision, days: int, in_time: bool
) -> None:
    if in_time:
        assert appeal_as(ctx, author, removal, days=days).state == "filed"
        return
    with pytest.raises(Conflict) as refused:
        appeal_as(ctx, author, removal, days=days)
    assert refused.value.code == "appeal_too_late"


def test_strangers_and_other_sites_find_no_decision(
    ctx: Context, make: Makers, site: Site, author: Reader, removal: Decision
) -> None:
    with pytest.raises(NotFound):
        appeal_as(ctx, make.reader(site), removal)
    with pytest.raises(NotFound):
        file_appeal(
            later(ctx, days=1),
            site_id=make.site("other").id,
            decision_id=removal.id,
            reader_id=author.id,
            body=WHY,
        )


def test_what_can_still_be_undone_is_not_known_yet(
    ctx: Context, author: Reader, removal: Decision
) -> None:
    with pytest.raises(NotFound):
        appeal_as(ctx, author, removal, days=0)


def test_a_decision_that_restricts_nothing_gives_nothing_to_appeal_against(
    ctx: Context, comment: Comment, author: Reader, first: SignedInModerator
) -> None:
    with pytest.raises(Conflict) as refused:
        appeal_as(ctx, author, keep(ctx, comment, first))
    assert refused.value.code == "nothing_to_appeal"


def test_an_appeal_needs_words(ctx: Context, author: Reader, removal: Decision) -> None:
    for body in ("too short", "x" * 5_001, " \n ", "a\x00" * 20):
        with pytest.raises(Invalid) as refused:
            file_appeal(
                ctx,
                site_id=author.site_id,
                decision_id=removal.id,
                reader_id=author.id,
                body=body,
            )
        assert "body" in refused.value.errors


def test_a_reporter_appeals_against_keeping_a_comment_and_is_heard(
    ctx: Context,
    make: Makers,
    site: Site,
    comment: Comment,
    author: Reader,
    first: SignedInModerator,
    second: SignedInModerator,
) -> None:
    reporter = make.reader(site)
    report = reported(ctx, site, comment, reporter)
    kept = keep(ctx, comment, first)
    appeal = appeal_as(ctx, reporter, kept)
    assert appeal.party == "reporter"
    with pytest.raises(Invalid) as refused:
        answer(ctx, appeal, second)
    assert "guideline" in refused.value.errors
    assert make.reload(appeal).state == "filed"
    appeal = answer(ctx, appeal, second, guideline="civil")
    assert make.reload(comment).status == "removed"
    assert make.reload(report).state == "upheld"
    assert make.reload(author).strikes == 1
    assert make.reload(kept).reversed_at is not None


def test_the_author_can_appeal_against_what_a_reporters_appeal_led_to(
    ctx: Context,
    make: Makers,
    site: Site,
    comment: Comment,
    author: Reader,
    first: SignedInModerator,
    second: SignedInModerator,
) -> None:
    reporter = make.reader(site)
    reported(ctx, site, comment, reporter)
    appeal = appeal_as(ctx, reporter, keep(ctx, comment, first))
    outcome = answer(ctx, appeal, second, guideline="civil").outcome_id
    assert outcome is not None
    again = file_appeal(
        later(ctx, days=3),
        site_id=site.id,
        decision_id=outcome,
        reader_id=author.id,
        body=WHY,
    )
    with pytest.raises(Conflict) as refused:
        answer(ctx, again, second)
    assert refused.value.code == "own_decision"


def test_a_reporter_whose_report_was_upheld_has_nothing_to_appeal_against(
    ctx: Context,
    make: Makers,
    site: Site,
    comment: Comment,
    removal: Decision,
) -> None:
    reporter = make.reader(site)
    with ctx.transaction() as tx:
        tx.session.add(_closed_report(comment, reporter, removal))
    with pytest.raises(Conflict) as refused:
        appeal_as(ctx, reporter, removal)
    assert refused.value.code == "nothing_to_appeal"


def _closed_report(comment: Comment, reporter: Reader, decision: Decision) -> Report:
    return Report(
        site_id=comment.site_id,
        article_id=comment.article_id,
        comment_id=comment.id,
        author_id=comment.reader_id,
        reader_id=reporter.id,
        guideline="civil",
        family="toxic",
        revision=1,
        body_hash="0" * 64,
        state="upheld",
        decision_id=decision.id,
        decided_at=decision.created_at,
    )


def test_a_suspension_is_appealed_without_a_place_in_the_queue_and_ends_when_overturned(
    ctx: Context,
    make: Makers,
    site: Site,
    author: Reader,
    first: SignedInModerator,
    second: SignedInModerator,
) -> None:
    done = sanction_reader(
        ctx,
        site_id=site.id,
        reader_id=author.id,
        moderator=first,
        kind=SanctionKind.SUSPEND,
        guideline="civil",
        days=20,
    ).sanction
    assert done is not None
    decision = make.reload(Decision(id=done.decision_id))
    appeal = answer(ctx, appeal_as(ctx, author, decision), second)
    assert appeal.comment_id is None
    assert make.reload(author).standing == "active"
    assert sanctions_of(ctx, author)[0].end_reason == "overturned"
    with ctx.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReviewItem)) == 0
        kinds = session.scalars(
            select(Event.kind).where(Event.reader_id == author.id, Event.kind.like("appeal.%"))
        ).all()
    assert list(kinds) == ["appeal.filed", "appeal.decided"]


def _notice(ctx: Context, site: Site, comment: Comment) -> Given:
    fields = NoticeFields(
        category=NoticeCategory.HATE,
        explanation="It calls for hatred against a group of people.",
        good_faith=True,
        name="Nora Notifier",
        email="nora@example.org",
    )
    return give_notice(ctx, site=site, comment_id=comment.id, reader=None, fields=fields)


def _dismiss(ctx: Context, notice: Notice, actor: SignedInModerator) -> None:
    decide_notice(
        ctx,
        site_id=notice.site_id,
        notice_id=notice.id,
        moderator=actor,
        verdict=NoticeVerdict(
            action=NoticeAction.NO_ACTION,
            ground=Ground.GUIDELINES,
            reason="We see nothing illegal here.",
        ),
    )


def test_a_notifier_appeals_with_the_secret_alone(
    ctx: Context,
    make: Makers,
    site: Site,
    comment: Comment,
    first: SignedInModerator,
    second: SignedInModerator,
) -> None:
    given = _notice(ctx, site, comment)
    words: dict[str, Any] = {"site_id": site.id, "reference": given.notice.reference}
    with pytest.raises(Conflict) as refused:
        file_notice_appeal(ctx, **words, secret=given.secret, body=WHY)
    assert refused.value.code == "notice_not_decided"
    _dismiss(ctx, given.notice, first)
    after = later(ctx, days=1)
    with pytest.raises(NotFound):
        file_notice_appeal(after, **words, secret="a guess", body=WHY)
    appeal = file_notice_appeal(after, **words, secret=given.secret, body=WHY)
    assert appeal.party == "notifier"
    with pytest.raises(Conflict) as refused:
        file_notice_appeal(after, **words, secret=given.secret, body=WHY)
    assert refused.value.code == "appeal_exists"
    answer(ctx, appeal, second, guideline="hate")
    assert make.reload(comment).status == "removed"
    assert make.reload(given.notice).state == "upheld"
    assert appeal_of_notice(ctx, **words, secret=given.secret).reasons == ANSWER
    with ctx.reading() as session:
        kinds = session.scalars(
            select(Notification.kind).where(Notification.notice_id == given.notice.id)
        ).all()
    assert "appeal.decided" in kinds


def test_an_unknown_guideline_or_appeal_is_refused(
    ctx: Context, author: Reader, removal: Decision, second: SignedInModerator
) -> None:
    appeal = appeal_as(ctx, author, removal)
    with pytest.raises(Invalid):
        answer(ctx, appeal, second, guideline="nothing-of-the-kind")
    with pytest.raises(NotFound):
        decide_appeal(
            ctx,
            site_id=author.site_id,
            appeal_id=uuid4(),
            actor=second,
            outcome=AppealOutcome.UPHOLD,
            reasons=ANSWER,
        )
