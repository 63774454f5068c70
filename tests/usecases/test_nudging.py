"""Asked to think again: once, before a comment is public; whatever happens, it is decided once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.domain.errors import Conflict, Forbidden, NotFound
from service.domain.guideline import Policy
from service.domain.rule import Mode
from service.domain.scoring import Assessment, ScoreInput
from service.models import Article, Comment, Decision, Event, Reader, ReviewItem, Score, Site
from service.queries.nudges import Span, nudge_of
from service.usecases.claim_comments import Claimed, claim_comments
from service.usecases.context import Context
from service.usecases.edit_comment import edit_comment
from service.usecases.erase_reader import erase_reader
from service.usecases.keep_comment import keep_comment
from service.usecases.score_comments import score_comments
from service.usecases.settle_comments import Scored, settle_comments
from service.usecases.sweep import sweep
from service.usecases.withdraw_comment import withdraw_comment
from tests.makers import FixedEngine, Makers, always
from tests.usecases.test_score_comments import count, later

# Enough to ask, and to have a moderator look, not enough to hold.
SHARP = FixedEngine(toxicity=0.55)
Answering = Callable[[Context, Comment], object]


@dataclass
class MarkingEngine(FixedEngine):
    """Says which sentence drove the score, as the real scorers do."""

    toxicity: float | None = 0.55

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        note = {"sentence": {"start": 4, "end": 23, "score": 0.7}, "words": []}
        return [
            replace(a, toxicity=replace(a.toxicity, evidence=note)) for a in super().score(batch)
        ]


def asking(policy: Policy) -> Policy:
    """The shipped file with `nudge-tone` enforced."""
    rules = [
        replace(rule, mode=Mode.enforce) if rule.id == "nudge-tone" else rule
        for rule in policy.rules
    ]
    return replace(policy, rules=tuple(rules))


@pytest.fixture
def asks(ctx: Context, policy: Policy) -> Context:
    return replace(ctx, policy=always(asking(policy)))


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def author(make: Makers, site: Site) -> Reader:
    return make.reader(site)


@pytest.fixture
def asked(asks: Context, make: Makers, article: Article, author: Reader) -> Comment:
    """A comment whose author is asked."""
    comment = make.comment(article, author)
    score_comments(asks, SHARP)
    found: Comment = make.reload(comment)
    return found


def kinds(ctx: Context, comment: Comment) -> list[str]:
    with ctx.reading() as session:
        return list(
            session.scalars(
                select(Event.kind).where(Event.comment_id == comment.id).order_by(Event.id)
            )
        )


def answers(ctx: Context, comment: Comment) -> list[str]:
    with ctx.reading() as session:
        rows = session.scalars(
            select(Event.data).where(
                Event.comment_id == comment.id, Event.kind == "comment.reconsidered"
            )
        )
        return [row["answer"] for row in rows]


def keep(ctx: Context, comment: Comment) -> Comment:
    return keep_comment(ctx, comment_id=comment.id, reader_id=comment.reader_id)


def edit(ctx: Context, comment: Comment, body: str = "I do not agree with this.") -> Comment:
    return edit_comment(ctx, comment_id=comment.id, reader_id=comment.reader_id, body=body)


def withdraw(ctx: Context, comment: Comment) -> Comment:
    return withdraw_comment(ctx, comment_id=comment.id, reader_id=comment.reader_id)


def test_the_author_is_asked_and_nothing_is_decided_yet(asks: Context, asked: Comment) -> None:
    assert asked.status == "pending"
    assert asked.nudge_until is not None and asked.nudged_at is not None
    assert asked.nudge_until - asked.nudged_at == timedelta(seconds=600)
    assert asked.nudge_guideline == "civil"
    assert kinds(asks, asked) == ["comment.posted", "comment.nudged"]
    assert count(asks, Score, Score.comment_id == asked.id) == 2
    assert count(asks, Decision) == count(asks, ReviewItem) == 0


def test_while_the_author_thinks_nobody_scores_it_and_the_sweep_is_quiet(
    asks: Context, asked: Comment
) -> None:
    assert claim_comments(asks) == []
    assert score_comments(asks, SHARP) == 0
    assert not sweep(asks).nudged


def test_the_event_says_why_and_does_not_change_the_status(asks: Context, asked: Comment) -> None:
    with asks.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "comment.nudged")).one()
    assert event.from_status is None
    assert event.to_status == "pending"
    assert event.data["rules"] == ["nudge-tone"]
    assert event.data["guideline"] == "civil"


@pytest.mark.parametrize(
    ("answer", "minutes", "status", "revision", "noted"),
    [
        (keep, 0, "published", 1, "kept"),
        (edit, 0, "published", 2, "edited"),
        (edit, 9, "published", 2, "edited"),  # the edit window of five minutes is over
        (withdraw, 0, "withdrawn", 1, "withdrawn"),
        (lambda ctx, comment: edit(ctx, comment, comment.body), 0, "published", 1, "kept"),
        (None, 10, "published", 1, "expired"),
    ],
    ids=["keep", "edit", "edit late", "withdraw", "edit nothing", "no answer"],
)
def test_every_answer_ends_the_question_and_the_comment_is_decided_once(
    asks: Context,
    make: Makers,
    asked: Comment,
    answer: Answering | None,
    minutes: int,
    status: str,
    revision: int,
    noted: str,
) -> None:
    then = later(asks, minutes=minutes)
    if answer is not None:
        answer(then, asked)
    score_comments(then, SHARP)
    after = make.reload(asked)
    assert (after.status, after.revision, after.nudge_until) == (status, revision, None)
    assert answers(asks, asked) == [noted]
    assert count(asks, Decision) == (status == "published")


def test_the_decision_afterwards_knows_that_the_author_was_asked(
    asks: Context, asked: Comment
) -> None:
    keep(asks, asked)
    score_comments(asks, SHARP)
    with asks.reading() as session:
        decision = session.scalars(select(Decision)).one()
        item = session.scalars(select(ReviewItem)).one()
    assert decision.action == "queue"
    assert decision.signals["submission"] == {"nudged": True}
    assert item.reasons == ["toxic"]


def test_what_got_worse_by_editing_is_held_like_any_other(
    asks: Context, make: Makers, asked: Comment
) -> None:
    edit(asks, asked)
    score_comments(asks, FixedEngine(toxicity=0.9))
    assert make.reload(asked).status == "held"


def test_a_later_edit_is_not_asked_about_again(asks: Context, make: Makers, asked: Comment) -> None:
    keep(asks, asked)
    score_comments(asks, SHARP)
    edit(asks, make.reload(asked))
    score_comments(asks, SHARP)
    assert make.reload(asked).status == "published"
    assert kinds(asks, asked).count("comment.nudged") == 1


def test_a_published_comment_that_turns_sharp_is_asked_about_when_edited(
    asks: Context, make: Makers, article: Article, author: Reader
) -> None:
    comment = make.published(article, author)
    edit(asks, comment)
    score_comments(asks, SHARP)
    assert make.reload(comment).nudge_until is not None
    assert make.reload(article).published_count == 0
    keep(asks, comment)
    score_comments(asks, SHARP)
    assert make.reload(article).published_count == 1


def test_a_stricter_rule_wins_and_nobody_is_asked(
    asks: Context, make: Makers, article: Article, author: Reader
) -> None:
    comment = make.comment(article, author)
    score_comments(asks, FixedEngine(toxicity=0.7))  # new readers are held from 0.60
    after = make.reload(comment)
    assert (after.status, after.nudged_at) == ("held", None)


def test_answering_twice_or_late_changes_nothing(asks: Context, asked: Comment) -> None:
    keep(asks, asked)
    assert keep(asks, asked).status == "pending"
    score_comments(asks, SHARP)
    assert keep(asks, asked).status == "published"
    assert answers(asks, asked) == ["kept"]


def test_who_was_not_asked_cannot_answer(
    asks: Context, make: Makers, article: Article, author: Reader
) -> None:
    comment = make.published(article, author)
    with pytest.raises(Conflict) as refused:
        keep(asks, comment)
    assert refused.value.code == "not_asked"


def test_only_the_author_answers(asks: Context, make: Makers, site: Site, asked: Comment) -> None:
    other = make.reader(site)
    with pytest.raises(NotFound):
        keep_comment(asks, comment_id=asked.id, reader_id=other.id)
    keep(asks, asked)
    score_comments(asks, SHARP)
    with pytest.raises(Forbidden):
        keep_comment(asks, comment_id=asked.id, reader_id=other.id)


def test_a_second_delivery_does_not_decide_what_the_author_is_asked_about(
    asks: Context, make: Makers, article: Article, author: Reader
) -> None:
    comment = make.comment(article, author)
    scored = delivered(asks)
    assert settle_comments(asks, scored) == 0
    assert settle_comments(asks, scored) == 0
    assert make.reload(comment).status == "pending"
    keep(asks, comment)
    assert settle_comments(asks, scored) == 1
    assert settle_comments(asks, scored) == 0
    assert count(asks, Decision) == 1


def delivered(ctx: Context, claimed: Sequence[Claimed] | None = None) -> list[Scored]:
    batch = claim_comments(ctx) if claimed is None else claimed
    found = SHARP.score([c.input for c in batch])
    return [Scored(c, a) for c, a in zip(batch, found, strict=True)]


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "not answered"])
def test_a_worker_that_dies_after_the_question_loses_nothing(
    asks: Context, make: Makers, asked: Comment, answered: bool
) -> None:
    if answered:
        keep(asks, asked)
    over = later(asks, minutes=11)
    assert len(claim_comments(over)) == 1  # and the worker is gone
    much_later = later(asks, minutes=13)
    assert sweep(much_later).nudged
    assert score_comments(much_later, SHARP) == 1
    assert make.reload(asked).status == "published"
    assert count(asks, Decision) == 1


def test_an_answer_that_comes_after_the_time_but_before_the_worker_counts(
    asks: Context, make: Makers, asked: Comment
) -> None:
    over = later(asks, minutes=11)
    scored = delivered(over)
    withdraw(over, asked)
    assert settle_comments(over, scored) == 0
    assert answers(asks, asked) == ["withdrawn"]


def test_without_a_model_an_answered_comment_is_held_and_scored_later(
    asks: Context, make: Makers, asked: Comment
) -> None:
    keep(asks, asked)
    score_comments(asks, None)
    assert make.reload(asked).status == "held"
    then = later(asks, minutes=2)
    sweep(then)
    score_comments(then, SHARP)
    assert make.reload(asked).status == "published"


def test_a_comment_that_waited_for_the_model_may_be_asked_about(
    asks: Context, make: Makers, article: Article, author: Reader
) -> None:
    comment = make.comment(article, author)
    score_comments(asks, None)
    then = later(asks, minutes=2)
    sweep(then)
    score_comments(then, SHARP)
    assert make.reload(comment).awaits_author(then.clock())
    with asks.reading() as session:
        assert session.scalars(select(ReviewItem)).one().state == "decided"


def test_the_drift_of_the_thread_counts_the_comment_once(
    asks: Context, make: Makers, article: Article, author: Reader
) -> None:
    top = make.published(article, author)
    reply = make.comment(article, author, parent_id=top.id)
    score_comments(asks, SHARP)
    before = make.reload(top).drift_state
    keep(asks, reply)
    score_comments(asks, SHARP)
    assert make.reload(top).drift_state == before


def test_an_erased_reader_is_asked_nothing_more(
    asks: Context, make: Makers, site: Site, asked: Comment
) -> None:
    erase_reader(asks, site_id=site.id, reader_id=asked.reader_id)
    after = make.reload(asked)
    assert (after.status, after.nudge_until) == ("erased", None)


def test_the_author_is_shown_the_sentence_and_the_clause(
    asks: Context, make: Makers, article: Article, author: Reader
) -> None:
    comment = make.comment(article, author)
    score_comments(asks, MarkingEngine())
    with asks.reading() as session:
        shown = nudge_of(session, make.reload(comment), asks.policy(), "de")
    assert shown is not None
    assert shown.sentences == [Span(4, 23)]
    assert "öffentlich" in shown.message
    assert shown.title and shown.title in shown.message


def asked_in(ctx: Context, make: Makers) -> Comment:
    site = make.site()
    comment = make.comment(make.article(site), make.reader(site))
    score_comments(ctx, SHARP)
    found: Comment = make.reload(comment)
    assert found.nudge_until is not None
    return found


def test_answers_at_once_decide_once(shared: Context, policy: Policy) -> None:
    ctx, make = replace(shared, policy=always(asking(policy))), Makers(shared)
    comment = asked_in(ctx, make)
    with ThreadPoolExecutor(6) as pool:
        clicks = [pool.submit(keep, ctx, comment) for _ in range(6)]
    assert all(click.result().id == comment.id for click in clicks)
    assert answers(ctx, comment) == ["kept"]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: score_comments(ctx, SHARP), range(3)))
    assert make.reload(comment).status == "published"
    assert count(ctx, Decision) == 1


def test_keeping_and_withdrawing_at_once_leave_one_answer(shared: Context, policy: Policy) -> None:
    ctx, make = replace(shared, policy=always(asking(policy))), Makers(shared)
    comment = asked_in(ctx, make)
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(answer, ctx, comment) for answer in (keep, withdraw, keep)]:
            done.result()
    assert make.reload(comment).status == "withdrawn"
    assert len(answers(ctx, comment)) == 1
    assert score_comments(ctx, SHARP) == 0


def test_the_end_of_the_wait_and_the_answer_at_once_decide_once(
    shared: Context, policy: Policy
) -> None:
    ctx, make = replace(shared, policy=always(asking(policy))), Makers(shared)
    comment = asked_in(ctx, make)
    over = later(ctx, minutes=11)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(score_comments, over, SHARP) for _ in range(2)]
        jobs += [pool.submit(lambda: int(bool(keep(over, comment)))) for _ in range(2)]
        for job in jobs:
            job.result()
    score_comments(over, SHARP)
    assert make.reload(comment).status == "published"
    assert len(answers(ctx, comment)) == 1
    assert count(ctx, Decision) == 1
