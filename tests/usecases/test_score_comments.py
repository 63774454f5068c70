"""From pending to decided: claims, waiting for the article, unscored, one decision per revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from service.domain.scoring import Assessment, ScoreInput
from service.models import Article, Comment, Decision, Event, ReviewItem, Score, Site
from service.usecases.claim_comments import claim_comments
from service.usecases.context import Context
from service.usecases.edit_comment import edit_comment
from service.usecases.index_article import index_article
from service.usecases.score_comments import score_comments, unscored
from service.usecases.settle_comments import Scored, settle_comments
from service.usecases.sweep import sweep
from service.usecases.withdraw_comment import withdraw_comment
from tests.makers import FixedEngine, Makers


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


def later(ctx: Context, **delta: float) -> Context:
    """The same context, some time later."""
    return replace(ctx, clock=lambda: ctx.clock() + timedelta(**delta))


def count(ctx: Context, table: type, *where: Any) -> int:
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_a_civil_comment_is_published_with_scores_decision_and_event(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    assert score_comments(ctx, FixedEngine(toxicity=0.01)) == 1
    assert make.reload(comment).status == "published"
    assert count(ctx, Score, Score.comment_id == comment.id) == 2
    assert count(ctx, Decision, Decision.comment_id == comment.id) == 1
    with ctx.reading() as session:
        kinds = session.scalars(
            select(Event.kind).where(Event.comment_id == comment.id).order_by(Event.id)
        ).all()
    assert kinds == ["comment.posted", "comment.published"]


def test_an_abusive_comment_waits_for_a_person_in_the_review_queue(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    score_comments(ctx, FixedEngine(toxicity=0.97))
    assert make.reload(comment).status in {"held", "rejected"}
    with ctx.reading() as session:
        decision = session.scalars(select(Decision)).one()
    assert decision.guideline is not None
    assert decision.policy_version == ctx.policy().version


def test_without_a_model_comments_are_held_as_unscored_and_never_published(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    score_comments(ctx, None)
    assert make.reload(comment).status == "held"
    assert count(ctx, Decision) == 0
    with ctx.reading() as session:
        assert session.scalars(select(ReviewItem)).one().reasons == ["unscored"]


def test_an_unscored_comment_is_scored_when_the_model_is_back(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    score_comments(ctx, None)
    assert sweep(ctx).rescored == 0  # not yet due
    assert sweep(later(ctx, minutes=2)).rescored == 1
    score_comments(ctx, FixedEngine())
    assert make.reload(comment).status == "published"
    with ctx.reading() as session:
        assert session.scalars(select(ReviewItem)).one().state == "decided"


def test_a_comment_waits_for_its_article_to_be_embedded(
    ctx: Context, make: Makers, site: Site
) -> None:
    article = make.article(site, title="Bridge closed", body="The bridge is closed. " * 20)
    comment = make.comment(article, make.reader(site))
    assert score_comments(ctx, FixedEngine()) == 0
    index_article(ctx, FixedEngine(), article_id=article.id)
    assert score_comments(ctx, FixedEngine()) == 1
    assert make.reload(comment).status == "published"


def test_the_wait_for_an_article_ends(ctx: Context, make: Makers, site: Site) -> None:
    article = make.article(site, title="Bridge closed", body="The bridge is closed. " * 20)
    make.comment(article, make.reader(site))
    assert score_comments(later(ctx, seconds=31), FixedEngine()) == 1


def test_a_batch_delivered_twice_is_decided_once(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    claimed = claim_comments(ctx)
    scored = [
        Scored(c, a)
        for c, a in zip(claimed, FixedEngine().score([ScoreInput("x")] * len(claimed)), strict=True)
    ]
    assert settle_comments(ctx, scored) == 1
    assert settle_comments(ctx, scored) == 0
    assert count(ctx, Decision, Decision.comment_id == comment.id) == 1
    assert make.reload(article).published_count == 1


def test_a_claimed_comment_is_nobody_elses_until_its_lease_ends(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    make.comment(article, make.reader(site))
    assert len(claim_comments(ctx)) == 1
    assert claim_comments(ctx) == []
    assert len(claim_comments(later(ctx, seconds=61))) == 1


def test_a_comment_the_scorers_keep_failing_on_is_held_after_the_last_try(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    for attempt in range(ctx.limits.scoring_attempts):
        assert claim_comments(later(ctx, minutes=2 * attempt))
    score_comments(later(ctx, minutes=10), FixedEngine())
    assert make.reload(comment).status == "held"


def test_a_comment_edited_while_it_was_scored_is_scored_again(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    reader = make.reader(site)
    comment = make.comment(article, reader)
    claimed = claim_comments(ctx)
    edit_comment(ctx, comment_id=comment.id, reader_id=reader.id, body="A second thought.")
    first = FixedEngine(toxicity=0.0).score([claimed[0].input])
    assert settle_comments(ctx, [Scored(claimed[0], first[0])]) == 0
    assert make.reload(comment).status == "pending"
    score_comments(ctx, FixedEngine())
    assert make.reload(comment).status == "published"
    assert make.reload(comment).revision == 2


def test_a_comment_withdrawn_while_it_was_scored_stays_withdrawn(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    reader = make.reader(site)
    comment = make.comment(article, reader)
    claimed = claim_comments(ctx)
    withdraw_comment(ctx, comment_id=comment.id, reader_id=reader.id)
    assert settle_comments(ctx, [Scored(claimed[0], unscored("failed"))]) == 0
    assert make.reload(comment).status == "withdrawn"


def test_a_reply_that_drifts_is_still_published(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    top = make.published(article, make.reader(site))
    reply = make.comment(article, make.reader(site), parent_id=top.id)
    score_comments(ctx, FixedEngine(relevance=0.01))
    assert make.reload(reply).status == "published"
    assert make.reload(top).drift > 0


def test_the_engine_sees_the_texts_of_the_parents_nearest_first(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    top = make.published(article, make.reader(site), body="The ferry is too small.")
    reply = make.published(
        article, make.reader(site), body="It carries sixty people.", parent_id=top.id
    )
    make.comment(article, make.reader(site), body="Sixty is plenty.", parent_id=reply.id)
    seen: list[ScoreInput] = []

    class Listening(FixedEngine):
        def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
            seen.extend(batch)
            return super().score(batch)

    score_comments(ctx, Listening())
    assert seen[0].parents == ("It carries sixty people.", "The ferry is too small.")


def test_a_comment_that_cannot_be_settled_fails_alone(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    good = make.comment(article, make.reader(site))
    bad = make.comment(article, make.reader(site))

    class Half(FixedEngine):
        def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
            scored = super().score(batch)
            # A label longer than its column: the database refuses the row.
            broken = replace(scored[1].toxicity, version="x" * 500)
            return [scored[0], replace(scored[1], toxicity=broken)]

    assert score_comments(ctx, Half()) == 1
    assert make.reload(good).status == "published"
    assert make.reload(bad).status == "pending"


def test_counters_equal_the_rows_after_a_whole_flow(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    reader = make.reader(site)
    top = make.published(article, reader)
    reply = make.published(article, make.reader(site), parent_id=top.id)
    make.published(article, make.reader(site), parent_id=reply.id)
    withdraw_comment(ctx, comment_id=reply.id, reader_id=reply.reader_id)
    edit_comment(ctx, comment_id=top.id, reader_id=reader.id, body="Edited, so scored again.")
    assert make.reload(article).published_count == 1
    score_comments(ctx, FixedEngine())
    published = Comment.status == "published"
    assert make.reload(article).published_count == count(ctx, Comment, published) == 2
    is_reply = Comment.parent_id.is_not(None)
    below = count(ctx, Comment, published, is_reply, Comment.root_id == top.id)
    assert make.reload(top).visible_replies == below == 1
    assert make.reload(reader).approved_count == 1
