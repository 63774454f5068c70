"""Appeals: who may file one, against what, and who may answer it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from service.domain.appeal import AppealOutcome
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.notice import Ground, NoticeAction, NoticeCategory
from service.models import (
    Comment,
    Decision,
    Event,
    Notice,
    Notification,
    Reader,
    Report,
    Site,
)
from service.usecases.context import Context
from service.usecases.decide_appeal import decide_appeal
from service.usecases.decide_notice import NoticeVerdict, decide_notice
from service.usecases.file_appeal import appeal_of_notice, file_appeal, file_notice_appeal
from service.usecases.give_notice import Given, NoticeFields, give_notice
from service.usecases.identify_caller import SignedInModerator
from tests.makers import Makers
from tests.usecases.appealing import ANSWER, WHY, answer, appeal_as, item_of, keep
from tests.usecases.breaches import later, signed_in


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
