"""What readers are told of without asking: replies and being featured."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.domain.action import ModeratorAction
from service.models import Article, Comment, Notification, Reader, Site
from service.queries.notifications import own_notifications, unread_count
from service.usecases.context import Context
from service.usecases.decide_comment import decide_comment
from service.usecases.edit_comment import edit_comment
from service.usecases.mute_reader import mute_reader
from service.usecases.score_comments import score_comments
from service.usecases.take_decision import Verdict
from service.usecases.withdraw_comment import withdraw_comment
from tests.makers import FixedEngine, Makers
from tests.usecases.breaches import signed_in
from tests.usecases.test_score_comments import later


def told(ctx: Context, reader: Reader | UUID) -> list[Notification]:
    reader_id = reader if isinstance(reader, UUID) else reader.id
    with ctx.reading() as session:
        page = own_notifications(
            session, reader_id=reader_id, now=ctx.clock(), after=None, limit=20
        )
    return list(page.items)


@pytest.fixture
def answerer(make: Makers, site: Site) -> Reader:
    return make.reader(site)


@pytest.fixture
def reply(make: Makers, article: Article, comment: Comment, answerer: Reader) -> Comment:
    return make.published(article, answerer, parent_id=comment.id)


def test_an_author_is_told_of_a_reply_once_it_is_public(
    ctx: Context, make: Makers, article: Article, author: Reader, comment: Comment, answerer: Reader
) -> None:
    waiting = make.comment(article, answerer, parent_id=comment.id)
    assert told(ctx, author) == []
    score_comments(ctx, FixedEngine())
    message = told(ctx, author)[0]
    assert (message.kind, message.comment_id) == ("comment.replied", waiting.id)
    assert message.data == {"parent": str(comment.id)}
    assert told(ctx, answerer) == []


def test_nobody_is_told_of_an_answer_to_oneself(
    ctx: Context, make: Makers, article: Article, author: Reader, comment: Comment
) -> None:
    make.published(article, author, parent_id=comment.id)
    assert told(ctx, author) == []


def test_nobody_is_told_of_a_reply_by_a_muted_reader(
    ctx: Context, make: Makers, article: Article, author: Reader, comment: Comment, answerer: Reader
) -> None:
    mute_reader(ctx, site_id=article.site_id, reader_id=author.id, muted_id=answerer.id)
    make.published(article, answerer, parent_id=comment.id)
    assert told(ctx, author) == []


def test_a_reply_that_was_edited_is_announced_once(
    ctx: Context, author: Reader, answerer: Reader, reply: Comment
) -> None:
    edit_comment(ctx, comment_id=reply.id, reader_id=answerer.id, body="Put in another way.")
    score_comments(ctx, FixedEngine())
    assert len(told(ctx, author)) == 1


def test_a_reply_that_is_gone_is_not_announced_any_more(
    ctx: Context, author: Reader, answerer: Reader, reply: Comment
) -> None:
    withdraw_comment(ctx, comment_id=reply.id, reader_id=answerer.id)
    assert told(ctx, author) == []
    with ctx.reading() as session:
        assert unread_count(session, reader_id=author.id, now=ctx.clock()) == 0


def test_who_withdrew_a_comment_is_not_told_of_answers(
    ctx: Context, make: Makers, article: Article, author: Reader, comment: Comment, answerer: Reader
) -> None:
    waiting = make.comment(article, answerer, parent_id=comment.id)
    withdraw_comment(ctx, comment_id=comment.id, reader_id=author.id)
    score_comments(ctx, FixedEngine())
    assert make.reload(waiting).status == "published"
    assert told(ctx, author) == []


def test_an_author_is_told_that_a_comment_was_featured(
    ctx: Context, make: Makers, site: Site, author: Reader, comment: Comment
) -> None:
    decide_comment(
        ctx,
        site_id=site.id,
        comment_id=comment.id,
        verdict=Verdict(action=ModeratorAction.FEATURE),
        actor=signed_in(make, site),
    )
    assert told(ctx, author) == []  # it may still be undone
    message = told(later(ctx, minutes=1), author)[0]
    assert (message.kind, message.comment_id) == ("comment.featured", comment.id)
