"""What upholding and overturning an appeal do, for everybody concerned."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from service.domain.action import ModeratorAction
from service.domain.errors import Conflict, Invalid
from service.domain.report import ReportState
from service.domain.sanction import SanctionKind
from service.models import (
    Article,
    Comment,
    Decision,
    Event,
    Notification,
    Reader,
    ReviewItem,
    Site,
    Strike,
)
from service.usecases.close_reports import close_reports
from service.usecases.context import Context
from service.usecases.file_appeal import file_appeal
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.sanction_reader import sanction_reader
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers
from tests.usecases.appealing import ANSWER, WHY, answer, appeal_as, item_of, keep, reported
from tests.usecases.breaches import later, remove, sanctions_of

ABUSIVE = 0.97


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


def test_what_was_refused_while_it_waited_becomes_public(
    ctx: Context,
    make: Makers,
    article: Article,
    author: Reader,
    first: SignedInModerator,
    second: SignedInModerator,
) -> None:
    held = make.comment(article, author)
    score_comments(ctx, FixedEngine(toxicity=ABUSIVE))
    refusal = remove(ctx, held, first, action=ModeratorAction.REJECT)
    assert make.reload(held).status == "rejected"
    answer(ctx, appeal_as(ctx, author, refusal), second)
    assert make.reload(held).status == "published"
    assert make.reload(held).human_decision == "approved"
    assert make.reload(article).published_count == 1


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


def test_reports_turn_with_every_appeal_to_and_fro(
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
    removed = answer(ctx, appeal_as(ctx, reporter, kept), second, guideline="civil").outcome_id
    assert removed is not None
    restored = answer(ctx, appeal_as(ctx, author, make.reload(Decision(id=removed)), days=3), first)
    assert make.reload(comment).status == "published"
    assert make.reload(report).state == "dismissed"
    # The reporter knows the first decision only, and appeals against what stands in its place.
    again = appeal_as(ctx, reporter, kept, days=4)
    assert again.decision_id == restored.outcome_id
    answer(ctx, again, second, guideline="civil")
    assert make.reload(comment).status == "removed"
    assert make.reload(report).state == "upheld"


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
