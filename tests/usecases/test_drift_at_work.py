"""A thread that leaves its article: one item for the thread, an event, and the way back."""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from service.domain.action import ModeratorAction
from service.domain.drift import ThreadState, estimate_drift
from service.domain.guideline import DRIFT_QUEUE, DriftHandling
from service.models import Comment, Site
from service.usecases.claim_comments import claim_comments
from service.usecases.context import Context
from service.usecases.decide_item import decide_item
from service.usecases.edit_comment import edit_comment
from service.usecases.escalate_item import escalate_item
from service.usecases.identify_caller import SignedInModerator
from service.usecases.score_comments import score_comments
from service.usecases.settle_comments import Scored, settle_comments
from service.usecases.take_decision import Verdict
from tests.makers import FixedEngine, Makers, always
from tests.straying import FAR, NEAR, RETURNING, STRAYING, Talk, events_of, items_of, state_of
from tests.usecases.breaches import later


@pytest.fixture
def talk(ctx: Context, site: Site) -> Talk:
    return Talk(ctx, site)


def decide(
    ctx: Context, site: Site, moderator: SignedInModerator, action: str, **given: str
) -> None:
    """Have a moderator answer the site's only item."""
    [item] = items_of(ctx, site)
    verdict = Verdict(action=ModeratorAction(action), **given)
    decide_item(ctx, site_id=site.id, item_id=item.id, actor=moderator, verdict=verdict)


def test_however_many_comments_stray_the_thread_has_one_item_and_one_event(
    ctx: Context, site: Site, talk: Talk
) -> None:
    top = talk.thread(NEAR, *STRAYING, *STRAYING)
    [item] = items_of(ctx, site)
    assert (item.comment_id, item.reasons, item.version) == (top.id, [DRIFT_QUEUE], 1)
    [event] = events_of(ctx, site, "thread.")
    assert (event.kind, event.comment_id, event.data["review"]) == ("thread.drifted", top.id, True)


def test_the_event_names_the_comment_with_which_the_thread_left_and_no_words(
    ctx: Context, site: Site, talk: Talk
) -> None:
    top = talk.thread(NEAR, NEAR)
    strays = talk.reply(top, STRAYING)
    [event] = events_of(ctx, site, "thread.drifted")
    assert event.data["comment"] == str(strays[0].id)
    assert event.data["index"] == 3
    assert event.data["noticed_by"] in {str(stray.id) for stray in strays[1:]}
    assert set(event.data) == {"comment", "index", "noticed_by", "estimate", "comments", "review"}


def test_an_item_for_a_thread_is_not_urgent(ctx: Context, site: Site, talk: Talk) -> None:
    talk.thread(*STRAYING)
    [item] = items_of(ctx, site)
    assert item.priority == 0
    assert item.due_at is not None
    assert (item.due_at - item.opened_at).days == 1


def test_the_thread_joins_the_item_its_top_comment_already_has(
    ctx: Context, make: Makers, site: Site, talk: Talk
) -> None:
    top = make.comment(talk.article, make.reader(site))
    score_comments(ctx, FixedEngine(toxicity=0.55, relevance=NEAR))
    talk.reply(top, STRAYING)
    [item] = items_of(ctx, site)
    assert (item.comment_id, item.reasons) == (top.id, ["toxic", DRIFT_QUEUE])


def test_a_thread_that_comes_back_needs_nobody(ctx: Context, site: Site, talk: Talk) -> None:
    top = talk.thread(*STRAYING)
    back = talk.reply(top, RETURNING)
    [item] = items_of(ctx, site)
    assert (item.state, item.reasons) == ("decided", [])
    event = events_of(ctx, site, "thread.")[-1]
    assert (event.kind, event.data["closed"]) == ("thread.returned", True)
    assert event.data["comment"] in {str(comment.id) for comment in back}


def test_coming_back_leaves_an_item_that_stands_for_something_else(
    ctx: Context, make: Makers, site: Site, talk: Talk
) -> None:
    top = make.comment(talk.article, make.reader(site))
    score_comments(ctx, FixedEngine(toxicity=0.55, relevance=NEAR))
    talk.reply(top, [*STRAYING, *RETURNING])
    [item] = items_of(ctx, site)
    assert (item.state, item.reasons) == ("open", ["toxic"])


def test_coming_back_leaves_an_item_somebody_handed_to_a_colleague(
    ctx: Context, site: Site, talk: Talk, first: SignedInModerator
) -> None:
    top = talk.thread(*STRAYING)
    [item] = items_of(ctx, site)
    escalate_item(ctx, site_id=site.id, item_id=item.id, actor=first, to="lead")
    talk.reply(top, RETURNING)
    [item] = items_of(ctx, site)
    assert (item.state, item.reasons) == ("escalated", [DRIFT_QUEUE])


def test_a_thread_that_left_while_nobody_answered_comes_before_them_again(
    ctx: Context, site: Site, talk: Talk
) -> None:
    top = talk.thread(*STRAYING)
    talk.reply(top, [*RETURNING, *STRAYING, *STRAYING])
    [item] = items_of(ctx, site)
    assert (item.state, item.reasons) == ("open", [DRIFT_QUEUE])


def test_after_people_decided_the_thread_comes_again_a_day_later_and_not_before(
    ctx: Context, site: Site, talk: Talk, first: SignedInModerator
) -> None:
    top = talk.thread(*STRAYING)
    decide(ctx, site, first, "acknowledge")
    talk.at(later(ctx, hours=2)).reply(top, [*RETURNING, *STRAYING, *STRAYING])
    assert [item.state for item in items_of(ctx, site)] == ["decided"]
    assert events_of(ctx, site, "thread.drifted")[-1].data["review"] is False
    talk.at(later(ctx, hours=30)).reply(top, [*RETURNING, *RETURNING, *STRAYING, *STRAYING])
    assert [item.state for item in items_of(ctx, site)] == ["open"]


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("lock", {"guideline": "on_topic"}),
        ("label", {"guideline": "on_topic", "label": "This thread has left the article."}),
        ("approve", {}),
        ("acknowledge", {}),
        ("remove", {"guideline": "on_topic"}),
    ],
)
def test_each_answer_to_a_thread_that_left_closes_its_item(
    ctx: Context,
    make: Makers,
    site: Site,
    talk: Talk,
    first: SignedInModerator,
    action: str,
    given: dict[str, str],
) -> None:
    top = talk.thread(*STRAYING)
    decide(ctx, site, first, action, **given)
    assert [item.state for item in items_of(ctx, site)] == ["decided"]
    row = make.reload(top)
    assert row.locked is (action == "lock")
    assert row.label == given.get("label")


def test_a_lock_leaves_an_item_that_stands_for_something_else(
    ctx: Context, make: Makers, site: Site, talk: Talk, first: SignedInModerator
) -> None:
    top = make.comment(talk.article, make.reader(site))
    score_comments(ctx, FixedEngine(toxicity=0.55, relevance=NEAR))
    talk.reply(top, STRAYING)
    decide(ctx, site, first, "lock", guideline="on_topic")
    [item] = items_of(ctx, site)
    assert (item.state, item.reasons) == ("open", ["toxic"])


def test_a_site_that_wants_no_items_still_has_the_events(ctx: Context, site: Site) -> None:
    policy = replace(ctx.policy(), drift=DriftHandling(review=False))
    Talk(replace(ctx, policy=always(policy)), site).thread(*STRAYING)
    assert items_of(ctx, site) == []
    [event] = events_of(ctx, site, "thread.")
    assert event.data["review"] is False


def test_a_later_revision_changes_nothing(
    ctx: Context, make: Makers, site: Site, talk: Talk
) -> None:
    top = talk.thread(NEAR)
    author = make.reader(site)
    reply = make.comment(talk.article, author, parent_id=top.id)
    score_comments(ctx, FixedEngine(relevance=FAR))
    before, first_said = state_of(ctx, top), make.reload(reply)
    edit_comment(ctx, comment_id=reply.id, reader_id=author.id, body="Something else altogether.")
    score_comments(ctx, FixedEngine(relevance=0.99))
    assert state_of(ctx, top) == before
    again = make.reload(reply)
    assert (again.drift, again.drift_index, again.relevance) == (first_said.drift, 2, FAR)


def test_a_comment_edited_before_it_was_scored_has_its_turn(
    ctx: Context, make: Makers, site: Site, talk: Talk
) -> None:
    author = make.reader(site)
    comment = make.comment(talk.article, author)
    edit_comment(ctx, comment_id=comment.id, reader_id=author.id, body="Said in other words.")
    score_comments(ctx, FixedEngine(relevance=NEAR))
    assert make.reload(comment).drift_index == 0


def test_a_comment_held_as_unscored_has_its_turn_when_it_is_scored(
    ctx: Context, make: Makers, site: Site, talk: Talk
) -> None:
    top = talk.thread()
    reply = make.comment(talk.article, make.reader(site), parent_id=top.id)
    score_comments(ctx, FixedEngine(toxicity=None, relevance=FAR))
    assert make.reload(reply).drift_index is None
    assert state_of(ctx, top).comments == 1


def test_replaying_the_stored_relevances_gives_the_running_estimate(
    ctx: Context, site: Site, talk: Talk
) -> None:
    said = [0.7, None, FAR, 0.4, *STRAYING, None, *RETURNING, 0.6]
    top = talk.thread(*said)
    with ctx.reading() as session:
        rows = session.execute(
            select(Comment.drift_index, Comment.relevance, Comment.drift)
            .where(Comment.root_id == top.id)
            .order_by(Comment.drift_index)
        ).all()
    assert [row.drift_index for row in rows] == list(range(len(said) + 1))
    assert [row.relevance for row in rows] == [NEAR, *said]
    replayed = estimate_drift(row.relevance for row in rows)
    assert replayed == state_of(ctx, top)
    assert replayed.state is ThreadState.RETURNED
    for turn in range(1, len(rows)):
        assert rows[turn].drift == estimate_drift(r.relevance for r in rows[: turn + 1]).value


def test_two_workers_at_once_open_one_item(shared: Context) -> None:
    make = Makers(shared)
    site = make.site("busy")
    talk = Talk(shared, site)
    top = talk.thread()
    for _ in range(8):
        make.comment(talk.article, make.reader(site), parent_id=top.id)
    claimed = claim_comments(shared)
    said = FixedEngine(relevance=FAR).score([c.input for c in claimed])
    scored = [Scored(c, a) for c, a in zip(claimed, said, strict=True)]
    with ThreadPoolExecutor(2) as pool:
        settled = sum(
            pool.map(lambda half: settle_comments(shared, half), (scored[::2], scored[1::2]))
        )
    assert settled == len(scored) == 8
    [item] = items_of(shared, site)
    assert item.comment_id == top.id
    assert len(events_of(shared, site, "thread.")) == 1
    assert state_of(shared, top) == estimate_drift([NEAR, *[FAR] * 8])


def test_other_sites_see_nothing(ctx: Context, make: Makers, site: Site, talk: Talk) -> None:
    talk.thread(*STRAYING)
    other = make.site("other")
    Talk(ctx, other).thread(NEAR)
    assert items_of(ctx, other) == []
    assert events_of(ctx, other, "thread.") == []


def test_an_article_drifts_once_enough_of_its_active_threads_are_away(
    ctx: Context, make: Makers, site: Site, talk: Talk
) -> None:
    for _ in range(2):
        talk.thread(*STRAYING)
    assert make.reload(talk.article).drifting_since is None
    top = talk.thread(*STRAYING)
    assert make.reload(talk.article).drifting_since is not None
    [event] = events_of(ctx, site, "article.drifting")
    assert (event.article_id, event.comment_id) == (talk.article.id, None)
    assert event.data == {"threads": 3, "away_threads": 3, "comments": 15, "share": 0.8}
    talk.reply(top, STRAYING)
    assert len(events_of(ctx, site, "article.drifting")) == 1


def test_an_article_is_back_once_few_of_its_last_comments_are_said_away_from_it(
    ctx: Context, make: Makers, site: Site, talk: Talk
) -> None:
    for _ in range(3):
        talk.thread(*STRAYING)
    for _ in range(32):
        make.comment(talk.article, make.reader(site))
    score_comments(ctx, FixedEngine(relevance=NEAR))
    assert make.reload(talk.article).drifting_since is not None
    talk.thread(NEAR)
    assert make.reload(talk.article).drifting_since is None
    assert len(events_of(ctx, site, "article.returned")) == 1


def test_threads_that_were_there_before_the_migration_get_their_turns(
    ctx: Context, make: Makers, talk: Talk
) -> None:
    top = talk.thread(None, *STRAYING)
    columns = (Comment.id, Comment.drift_index, Comment.relevance)
    query = select(*columns).where(Comment.root_id == top.id).order_by(Comment.id)
    migration = importlib.import_module(
        "service.migrations.versions.0007_drifting_threads_and_second_thoughts"
    )
    with ctx.transaction() as tx:
        before = tx.session.execute(query).all()
        tx.session.execute(
            update(Comment).values(drift_index=None, relevance=None, adrift_since=None)
        )
        tx.session.execute(text(migration.NUMBER_EXISTING))
        tx.session.execute(text(migration.MARK_EXISTING))
    with ctx.reading() as session:
        assert session.execute(query).all() == before
    assert make.reload(top).adrift_since is not None
