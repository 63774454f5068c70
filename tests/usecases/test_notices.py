"""Notices of illegal content: all kept, first in the queue, each answered on its own clock."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from service.domain.action import ModeratorAction
from service.domain.automation import DecisionSource
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.identity import Role
from service.domain.notice import Ground, NoticeAction, NoticeCategory
from service.domain.report import NoticeState
from service.models import (
    Article,
    Comment,
    Decision,
    Event,
    Notice,
    Notification,
    Site,
    StatementOfReasons,
)
from service.queries.notices import find_notice, notice_page
from service.usecases.claim_items import claim_item
from service.usecases.context import Context
from service.usecases.decide_item import decide_item
from service.usecases.decide_notice import NoticeVerdict, decide_notice
from service.usecases.give_notice import Given, NoticeFields, give_notice
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.open_review import close_item, find_review
from service.usecases.take_decision import Verdict, take_decision
from service.usecases.turn_notices import turn_notices
from service.usecases.withdraw_comment import withdraw_comment
from tests.makers import Makers
from tests.reporters import Reporting, later

WHY = "It says that I took bribes, which is untrue."


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def desk(ctx: Context, make: Makers, site: Site, article: Article) -> Reporting:
    return Reporting(ctx, make, site, article)


@pytest.fixture
def counsel(make: Makers, site: Site) -> SignedInModerator:
    return SignedInModerator(make.moderator(site, role=Role.LEGAL).id, "Le", Role.LEGAL)


@pytest.fixture
def give(ctx: Context, site: Site) -> Callable[..., Given]:
    """One notice through the use case; a complete one of defamation unless told otherwise."""

    def run(comment: Comment, category: str = "defamation", **changed: Any) -> Given:
        at, reader = changed.pop("ctx", ctx), changed.pop("reader", None)
        fields: dict[str, Any] = {
            "explanation": WHY,
            "name": "Nora Notice",
            "email": "nora@example.org",
            "good_faith": True,
        }
        made = NoticeFields(category=NoticeCategory(category), **(fields | changed))
        return give_notice(at, site=site, comment_id=comment.id, reader=reader, fields=made)

    return run


@pytest.fixture
def answer(ctx: Context, site: Site, counsel: SignedInModerator) -> Callable[..., Notice]:
    """Decides a notice through the use case."""

    def run(given: Given, action: str = "remove", **changed: Any) -> Notice:
        at, version = changed.pop("ctx", ctx), changed.pop("version", None)
        fields: dict[str, Any] = {"ground": Ground.ILLEGAL, "reason": "We looked at it."}
        verdict = NoticeVerdict(action=NoticeAction(action), **(fields | changed))
        return decide_notice(
            at,
            site_id=site.id,
            notice_id=given.notice.id,
            moderator=counsel,
            verdict=verdict,
            version=version,
        )

    return run


Give = Callable[..., Given]
Answer = Callable[..., Notice]


# --- giving notice ----------------------------------------------------------------------------


def test_a_notice_has_a_reference_a_secret_a_snapshot_and_a_clock(
    ctx: Context, desk: Reporting, give: Give
) -> None:
    comment = desk.comment()
    given = give(comment, law="Defamation Act 2009", particulars={"meaning": "That I am corrupt."})
    notice = given.notice
    assert re.fullmatch(rf"N-{ctx.clock().year}-[2-9A-Z]{{6}}", notice.reference)
    assert given.secret.startswith("nt_")
    assert given.secret not in str(vars(notice))
    assert notice.body_hash == hashlib.sha256(comment.body.encode()).hexdigest()
    assert notice.due_at == notice.created_at + timedelta(minutes=240)
    assert notice.particulars == {"meaning": "That I am corrupt."}


def test_the_log_tells_of_a_notice_without_a_word_of_it(
    ctx: Context, desk: Reporting, give: Give
) -> None:
    comment = desk.comment()
    give(comment)
    with ctx.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "notice.received")).one()
    assert event.actor == "anyone"
    assert event.data["category"] == "defamation"
    for secret in ("nora", "Nora", "bribes"):
        assert secret not in str(event.data)


@pytest.mark.parametrize(
    ("category", "queue", "floor", "minutes"),
    [
        ("defamation", "legal", 80, 240),
        ("copyright", "legal", 80, 240),
        ("threat", "urgent", 100, 15),
        ("terrorism", "urgent", 100, 15),
        ("child_sexual_abuse", "urgent", 100, 15),
    ],
)
def test_a_notice_goes_before_everything_of_its_kind(
    desk: Reporting, give: Give, category: str, queue: str, floor: int, minutes: int
) -> None:
    comment = desk.comment()
    given = give(comment, category)
    item = desk.item(comment)
    assert item is not None
    assert (item.reasons, item.floor) == ([queue], floor)
    assert item.priority >= floor
    assert given.notice.due_at - given.notice.created_at == timedelta(minutes=minutes)


def test_a_notice_of_child_sexual_abuse_can_be_wholly_anonymous(
    desk: Reporting, give: Give
) -> None:
    given = give(desk.comment(), "child_sexual_abuse", name=None, email=None, reader=desk.fresh())
    assert (given.notice.name, given.notice.email, given.notice.reader_id) == (None, None, None)


@pytest.mark.parametrize("field", ["name", "email"])
def test_a_notice_of_another_kind_needs_name_and_address(
    desk: Reporting, give: Give, field: str
) -> None:
    comment = desk.comment()
    with pytest.raises(Invalid) as refusal:
        give(comment, **{field: None})
    assert list(refusal.value.errors) == [field]
    assert desk.item(comment) is None


def test_several_notices_on_one_comment_all_stay(ctx: Context, desk: Reporting, give: Give) -> None:
    comment = desk.comment()
    references = {give(comment).notice.reference for _ in range(3)}
    with ctx.reading() as session:
        stored = set(session.scalars(select(Notice.reference)))
    assert stored == references
    assert len(references) == 3


def test_reports_never_swallow_a_notice_nor_a_notice_reports(desk: Reporting, give: Give) -> None:
    comment, reader = desk.comment(), desk.fresh()
    desk.report(comment, reader, "defamation")
    give(comment, reader=reader)
    desk.report(comment, reader, "civil")
    item = desk.item(comment)
    assert item is not None
    assert set(item.reasons) == {"legal", "toxic"}
    assert item.floor == 80
    assert len(desk.rows(comment)) == 1


def test_who_decides_on_the_comment_leaves_the_notice_to_those_who_answer_it(
    ctx: Context, desk: Reporting, give: Give, answer: Answer, site: Site, make: Makers
) -> None:
    comment = desk.comment()
    desk.report(comment, desk.fresh(), "civil")
    given = give(comment)
    item = desk.item(comment)
    assert item is not None
    someone = SignedInModerator(make.moderator(site).id, "Mo", Role.MODERATOR)
    claimed = claim_item(ctx, actor=someone, site_id=site.id, item_id=item.id)
    decided = decide_item(
        ctx,
        site_id=site.id,
        item_id=item.id,
        actor=someone,
        verdict=Verdict(action=ModeratorAction.APPROVE),
        claim_id=claimed.claim_id,
    )
    assert decided.item.reasons == ["legal"]
    assert decided.item.claim_id is None
    assert answer(given, "no_action").state == NoticeState.DISMISSED


def approve(ctx: Context, site: Site, comment: Comment, actor: SignedInModerator) -> None:
    with ctx.transaction() as tx:
        locked = lock_comment(tx.session, comment.id, site_id=site.id)
        item = find_review(tx.session, locked, lock=True)
        take_decision(
            tx,
            ctx,
            comment=locked,
            action=ModeratorAction.APPROVE,
            guideline=None,
            note=None,
            actor=actor,
            source=DecisionSource.REPORT,
            item=item,
            undo_window=timedelta(0),
        )
        if item is not None:
            close_item(item, ctx.clock())


def test_a_notice_on_an_approved_comment_always_reopens_and_never_hides(
    ctx: Context, desk: Reporting, give: Give, site: Site, counsel: SignedInModerator, make: Makers
) -> None:
    comment = desk.comment()
    desk.report(comment, desk.fresh())
    approve(ctx, site, comment, counsel)
    give(comment)
    item = desk.item(comment)
    assert item is not None
    assert (item.state, item.reasons) == ("open", ["legal"])
    assert make.reload(comment).status == "published"


def test_what_once_was_public_can_be_given_notice_of_and_what_never_was_cannot(
    ctx: Context, desk: Reporting, give: Give, make: Makers
) -> None:
    withdrawn = desk.comment()
    withdraw_comment(ctx, comment_id=withdrawn.id, reader_id=withdrawn.reader_id)
    assert give(withdrawn).notice.state == "open"
    with pytest.raises(NotFound):
        give(make.comment(desk.article, desk.fresh()))


def test_a_notice_is_found_by_reference_and_secret_together(
    ctx: Context, desk: Reporting, give: Give, site: Site, make: Makers
) -> None:
    given = give(desk.comment())

    def find(reference: str, secret: str, site_id: Any = site.id) -> Any:
        with ctx.reading() as session:
            return find_notice(
                session,
                site_id=site_id,
                reference=reference,
                secret_hash=ctx.credentials.hash_api_key(secret),
            )

    assert find(given.notice.reference, given.secret).notice.id == given.notice.id
    for wrong in (
        (given.notice.reference, "nt_wrong"),
        ("N-2026-BBBBBB", given.secret),
        (given.notice.reference, given.secret, make.site("other").id),
    ):
        with pytest.raises(NotFound):
            find(*wrong)


# --- deciding ---------------------------------------------------------------------------------


def test_removing_upholds_the_notice_and_closes_reports_and_review(
    ctx: Context, desk: Reporting, give: Give, answer: Answer, make: Makers
) -> None:
    comment, reader = desk.comment(), desk.fresh()
    desk.report(comment, desk.fresh())
    given = give(comment, reader=reader)
    notice = answer(given, reason="It accuses a named person of a crime.")
    assert make.reload(comment).status == "removed"
    assert (notice.state, notice.answer) == ("upheld", "It accuses a named person of a crime.")
    with ctx.reading() as session:
        decision = session.get_one(Decision, notice.decision_id)
        statement = session.scalars(
            select(StatementOfReasons).where(StatementOfReasons.comment_id == comment.id)
        ).first()
        told = session.scalars(
            select(Notification).where(Notification.kind == "notice.decided")
        ).all()
    assert (decision.source, decision.action, decision.guideline) == ("notice", "remove", "illegal")
    assert decision.automated is False
    assert statement is not None and statement.decision_id == decision.id
    assert {(n.notice_id, n.reader_id) for n in told} == {(notice.id, None), (None, reader.id)}
    assert {n.send_at for n in told} == {decision.final_at}
    assert desk.rows(comment)[0].state == "upheld"
    item = desk.item(comment)
    assert item is not None and item.state == "decided"
    assert "notice.decided" in desk.events(comment.id)


def test_leaving_the_comment_dismisses_the_notice_and_keeps_what_reports_asked_for(
    desk: Reporting, give: Give, answer: Answer, make: Makers
) -> None:
    comment = desk.comment()
    desk.report(comment, desk.fresh(), "civil")
    notice = answer(give(comment), "no_action", reason="An opinion, and not about a fact.")
    assert notice.state == "dismissed"
    assert make.reload(comment).status == "published"
    assert desk.rows(comment)[0].state == "open"
    item = desk.item(comment)
    assert item is not None
    assert (item.state, item.reasons, item.floor) == ("open", ["toxic"], 0)


def test_reports_of_defamation_keep_the_legal_reason_when_a_notice_is_dismissed(
    desk: Reporting, give: Give, answer: Answer
) -> None:
    comment = desk.comment()
    desk.report(comment, desk.fresh(), "defamation")
    answer(give(comment), "no_action")
    item = desk.item(comment)
    assert item is not None
    assert (item.state, item.reasons) == ("open", ["legal"])


def test_another_notice_on_the_comment_keeps_its_own_clock_and_place(
    desk: Reporting, give: Give, answer: Answer, make: Makers
) -> None:
    comment = desk.comment()
    first, second = give(comment, "threat"), give(comment, "privacy")
    answer(first)
    assert make.reload(second.notice).state == "open"
    item = desk.item(comment)
    assert item is not None
    assert (item.state, item.reasons, item.floor) == ("open", ["legal"], 80)
    upheld = answer(second)  # the comment is gone already
    assert upheld.state == "upheld"
    last = desk.item(comment)
    assert last is not None and last.state == "decided"


def test_hiding_and_restoring_by_notice(
    desk: Reporting, give: Give, answer: Answer, make: Makers
) -> None:
    comment = desk.comment()
    assert answer(give(comment), "hide").state == "upheld"
    assert make.reload(comment).status == "hidden"
    restored = answer(give(comment), "restore", ground=Ground.GUIDELINES)
    assert restored.state == "dismissed"
    assert make.reload(comment).status == "published"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": "  \n"}, "reason"),
        ({"reason": "x" * 5_001}, "reason"),
        ({"guideline": "civil"}, "guideline"),
        ({"ground": Ground.GUIDELINES}, "guideline"),
        ({"ground": Ground.GUIDELINES, "guideline": "no-such"}, "guideline"),
    ],
)
def test_a_decision_without_reason_or_fitting_guideline_changes_nothing(
    desk: Reporting,
    give: Give,
    answer: Answer,
    make: Makers,
    changed: dict[str, Any],
    field: str,
) -> None:
    comment = desk.comment()
    given = give(comment)
    with pytest.raises(Invalid) as refusal:
        answer(given, **changed)
    assert list(refusal.value.errors) == [field]
    assert make.reload(comment).status == "published"
    assert make.reload(given.notice).state == "open"


def test_a_notice_is_decided_once_and_on_what_was_seen(
    desk: Reporting, give: Give, answer: Answer
) -> None:
    comment = desk.comment()
    given = give(comment)
    item = desk.item(comment)
    assert item is not None
    with pytest.raises(Conflict) as stale:
        answer(given, version=item.version + 1)
    assert stale.value.code == "stale_version"
    answer(given, version=item.version)
    with pytest.raises(Conflict) as again:
        answer(given)
    assert again.value.code == "already_decided"


def test_what_another_moderator_works_on_is_left_to_them(
    ctx: Context, desk: Reporting, give: Give, answer: Answer, make: Makers, site: Site
) -> None:
    comment = desk.comment()
    given = give(comment)
    item = desk.item(comment)
    assert item is not None
    with ctx.transaction() as tx:
        tx.session.execute(
            update(type(item))
            .where(type(item).id == item.id)
            .values(
                state="claimed",
                claimed_by=make.moderator(site).id,
                lease_until=ctx.clock() + timedelta(minutes=5),
            )
        )
    with pytest.raises(Conflict) as refusal:
        answer(given)
    assert refusal.value.code == "claimed_by_other"


@pytest.mark.parametrize("state", [NoticeState.OPEN, NoticeState.DISMISSED])
def test_a_reversal_turns_the_notices_it_answered(
    ctx: Context, desk: Reporting, give: Give, answer: Answer, site: Site, state: NoticeState
) -> None:
    comment = desk.comment()
    given = give(comment)
    notice = answer(given)
    with ctx.transaction() as tx:
        locked = lock_comment(tx.session, comment.id, site_id=site.id)
        turned = turn_notices(
            tx.session,
            decision=tx.session.get_one(Decision, notice.decision_id),
            comment=locked,
            state=state,
            policy=ctx.policy(site.id),
            now=ctx.clock(),
        )
    assert turned == 1
    with ctx.reading() as session:
        stored = session.get_one(Notice, notice.id)
        told = session.scalars(
            select(Notification).where(Notification.kind == "notice.decided")
        ).all()
    assert stored.state == state
    item = desk.item(comment)
    assert item is not None
    if state is NoticeState.OPEN:
        assert (stored.decision_id, stored.answer, told) == (None, None, [])
        assert (item.state, item.reasons) == ("open", ["legal"])
    else:
        assert stored.decision_id == notice.decision_id
        assert len(told) == 2  # the first answer, and the new one


def test_open_notices_are_listed_by_when_they_are_due(
    ctx: Context, desk: Reporting, give: Give, site: Site
) -> None:
    late = give(desk.comment(), ctx=later(ctx, hours=1)).notice
    soon = give(desk.comment(), "threat", ctx=later(ctx, minutes=30)).notice
    first = give(desk.comment()).notice
    expected = [notice.id for notice in (soon, first, late)]
    seen, after = [], None
    for _ in range(2):
        with ctx.reading() as session:
            page = notice_page(
                session, site_id=site.id, state=NoticeState.OPEN, after=after, limit=2
            )
        seen += [row.notice.id for row in page.items]
        after = page.next
    assert seen == expected
    assert after is None
