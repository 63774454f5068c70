"""An article known by its address alone: fetched from its own page, indexed, then compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from service.adapters.article_fetch import FetchError
from service.adapters.article_fetch import fetch_article as fetch_page
from service.models import Article
from service.usecases.context import Context, FetchedText, FetchFailed
from service.usecases.fetch_article import MAX_ATTEMPTS, fetch_article
from service.usecases.index_article import index_article
from service.usecases.score_comments import score_comments
from service.usecases.sweep import sweep
from tests.adapters.web_server import WebServer, html, running_server
from tests.makers import FixedEngine, Makers

PARAGRAPH = "The council closed the bridge for eleven weeks to replace the deck. " * 6
PAGE = (
    "<html><head><title>Bridge closes</title></head><body><article><h1>Bridge closes</h1>"
    f"<p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></article></body></html>"
)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with running_server() as found:
        yield found


def fetch(url: str, domains: Sequence[str]) -> FetchedText:
    """As a worker does it, but the loopback is allowed."""
    try:
        page = fetch_page(url, allowed_hosts=domains, allow_private=True)
    except FetchError as error:
        raise FetchFailed(error.code, permanent=error.permanent) from error
    return FetchedText(page.title, page.body, page.published_at)


def wanted(make: Makers, url: str) -> Article:
    site = make.site(key="paper", domains=["127.0.0.1"])
    return make.article(site, url=url)


def test_the_text_is_fetched_stored_and_indexed(
    ctx: Context, make: Makers, server: WebServer
) -> None:
    server.answers["/story"] = html(PAGE.encode())
    article = wanted(make, server.url("/story"))
    assert fetch_article(ctx, fetch, article_id=article.id)
    assert index_article(ctx, FixedEngine(), article_id=article.id)
    stored = make.reload(article)
    assert stored.fetch_state == "fetched"
    assert "eleven weeks" in stored.body
    assert stored.is_indexed


def test_comments_wait_for_the_fetch_and_go_on_when_it_fails_for_good(
    ctx: Context, make: Makers, server: WebServer
) -> None:
    article = wanted(make, server.url("/gone"))
    site = make.site(key="paper")
    comment = make.comment(article, make.reader(site))
    assert score_comments(ctx, FixedEngine()) == 0
    for _ in range(MAX_ATTEMPTS):
        assert not fetch_article(ctx, fetch, article_id=article.id)
    assert make.reload(article).fetch_state == "failed"
    assert score_comments(ctx, FixedEngine()) == 1
    assert make.reload(comment).status == "published"


def test_an_address_outside_the_sites_domains_is_never_asked(
    ctx: Context, make: Makers, server: WebServer
) -> None:
    article = wanted(make, server.url("/story"))
    with pytest.raises(FetchFailed) as failure:
        fetch(server.url("/story").replace("127.0.0.1", "localhost"), ["127.0.0.1"])
    assert failure.value.permanent
    assert make.reload(article).fetch_state == "wanted"


def test_the_sweep_sends_a_forgotten_article_again(ctx: Context, make: Makers) -> None:
    wanted(make, "http://127.0.0.1:1/story")
    assert sweep(ctx).articles == 0
    in_a_minute = replace(ctx, clock=lambda: ctx.clock() + timedelta(minutes=1))
    assert sweep(in_a_minute).articles == 1
