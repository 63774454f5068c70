"""What a reader with an open page is told, by the real process over real HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.domain.article import ArticleMode
from service.live.reads import LiveReads
from service.models import Article, Reader, Site
from service.usecases.context import Context
from service.usecases.edit_comment import edit_comment
from service.usecases.react import react
from service.usecases.score_comments import score_comments
from service.usecases.withdraw_comment import withdraw_comment
from tests.live.conftest import Running
from tests.live.listening import Listening, Place
from tests.live.loops import run
from tests.makers import FixedEngine, Makers

Listen = Callable[..., Listening]
SAID = "The late ferry ought to wait for the last train from town."


def test_the_stream_begins_with_how_to_come_back_and_the_count(
    listen: Listen, make: Makers, article: Article, reader: Reader
) -> None:
    make.published(article, reader)

    page = listen()
    status, headers = page.head()
    first = page.next()

    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-store"
    assert (first.event, first.data) == ("hello", {"comment_count": 1})
    assert page.retry is not None
    assert 3_000 <= page.retry <= 7_000


def test_a_published_comment_reaches_every_open_page(
    listen: Listen, make: Makers, article: Article, reader: Reader
) -> None:
    pages = [listen().opened(), listen().opened()]

    top = make.published(article, reader)
    reply = make.published(article, reader, parent_id=top.id)

    for page in pages:
        told = [page.next(), page.next()]
        assert [one.event for one in told] == ["comment", "comment"]
        assert told[0].data == {
            "id": str(top.id),
            "thread_id": str(top.id),
            "parent_id": None,
            "change": "published",
            "comment_count": 1,
        }
        assert told[1].data["thread_id"] == told[1].data["parent_id"] == str(top.id)
        assert told[1].data["id"] == str(reply.id)
        assert int(told[1].id or 0) > int(told[0].id or 0)


def test_nothing_of_another_article_comes(
    listen: Listen, make: Makers, article: Article, reader: Reader, site: Site
) -> None:
    page = listen().opened()

    make.published(make.article(site), reader)
    own = make.published(article, reader)

    assert page.next().data["id"] == str(own.id)


def test_an_edited_and_a_withdrawn_comment_are_told_of(
    listen: Listen, make: Makers, article: Article, reader: Reader, told: Context
) -> None:
    comment = make.published(article, reader)
    page = listen().opened()
    better = "Said better, and at greater length."

    edit_comment(told, comment_id=comment.id, reader_id=reader.id, body=better)
    assert page.next().data["change"] == "gone"
    score_comments(told, FixedEngine())
    assert page.next().data["change"] == "edited"
    withdraw_comment(told, comment_id=comment.id, reader_id=reader.id)

    last = page.next().data
    assert (last["change"], last["comment_count"]) == ("gone", 0)


def test_of_many_reactions_a_page_hears_once(
    listen: Listen, make: Makers, article: Article, reader: Reader, site: Site, told: Context
) -> None:
    comment = make.published(article, reader)
    page = listen().opened()

    for other in [make.reader(site) for _ in range(3)]:
        react(told, site=site, comment_id=comment.id, reader=other, kind=site.reactions[0])
    heard = page.next()
    next_comment = make.published(article, reader)

    assert (heard.data["id"], heard.data["change"]) == (str(comment.id), "changed")
    assert heard.id is None
    assert page.next().data["id"] == str(next_comment.id)


def test_an_article_that_closes_is_told_of_and_one_that_does_not_is_not(
    listen: Listen, make: Makers, article: Article, site: Site
) -> None:
    page = listen().opened()

    make.article(site, key=article.key, section="harbour")
    make.article(site, key=article.key, mode=ArticleMode.CLOSED)

    heard = page.next()
    assert (heard.event, heard.data) == ("article", {"drifting": False, "mode": "closed"})


@pytest.mark.parametrize("shown", [True, False])
def test_that_a_talk_drifts_is_told_where_the_site_shows_it(
    article: Article, told: Context, shown: bool
) -> None:
    with told.transaction() as tx:
        tx.session.get_one(Article, article.id).drifting_since = told.clock()
    reads = LiveReads(told.readers, lambda site_id: shown and site_id == article.site_id)

    articles, _ = run(reads.now([article.id], []))
    reads.close()

    assert articles[article.id].drifting is shown


def test_what_was_written_never_passes(
    listen: Listen, make: Makers, article: Article, reader: Reader
) -> None:
    page = listen().opened()

    make.published(article, reader, body=SAID)
    page.next()

    assert reader.username.encode() not in page.raw
    assert not any(word.encode() in page.raw for word in SAID.split() if len(word) > 4)


def test_a_quiet_stream_beats(listen: Listen) -> None:
    page = listen().opened()

    assert page.heartbeat() == ": heartbeat"


@pytest.mark.parametrize(
    ("key", "site_key", "status", "code"),
    [
        ("nowhere", "demo", 404, "article_not_found"),
        ("%00", "demo", 404, "article_not_found"),
        ("any", "no-such-site", 404, "site_not_found"),
        ("any", "No%20Site", 422, "invalid"),
    ],
)
def test_what_does_not_exist_is_a_problem(
    process: Running, site: Site, key: str, site_key: str, status: int, code: str
) -> None:
    found, headers, body = Listening(Place(process.port, key, site_key)).problem()

    assert (found, body["code"], body["status"]) == (status, code, status)
    assert headers["content-type"] == "application/problem+json"


def test_pages_of_other_origins_may_listen(listen: Listen) -> None:
    asked = {"Origin": "https://courier.example"}
    _, headers = listen(headers=asked).head()
    _, allowed = listen(
        method="OPTIONS",
        headers={
            **asked,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "last-event-id",
        },
    ).head()

    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "GET" in allowed["access-control-allow-methods"]
    assert "last-event-id" in allowed["access-control-allow-headers"].lower()


def test_other_methods_are_refused_and_head_has_no_body(listen: Listen) -> None:
    status, headers, body = listen(method="POST", headers={"Content-Length": "0"}).problem()
    head, described = listen(method="HEAD").head()

    assert (status, body["code"]) == (405, "method_not_allowed")
    assert "GET" in headers["allow"]
    assert head == 200
    assert described["content-type"].startswith("text/event-stream")
