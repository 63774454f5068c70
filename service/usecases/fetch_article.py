"""Fetch the text of an article from its own page, where the publisher did not give it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from service.models import Article, Event, FetchState, Site
from service.usecases.context import Context, FetchedText, FetchFailed

MAX_ATTEMPTS = 4

Fetch = Callable[[str, Sequence[str]], FetchedText]


def fetch_article(ctx: Context, fetch: Fetch, *, article_id: UUID) -> bool:
    """Fetch and store the text; says whether there is one now.

    `fetch(url, domains)` raises FetchFailed. A permanent failure, or the MAX_ATTEMPTS-th one,
    ends the waiting: comments are then scored without relevance. The sweep tries again before.
    """
    with ctx.reading() as session:
        article = session.get(Article, article_id)
        site = session.get_one(Site, article.site_id) if article else None
    if article is None or site is None or article.url is None:
        return False
    if article.fetch_state != FetchState.WANTED:
        return False
    try:
        page = fetch(article.url, site.domains)
    except FetchFailed as failure:
        _note_failure(ctx, article_id, failure)
        return False
    now = ctx.clock()
    with ctx.transaction() as tx:
        current = tx.session.get_one(Article, article_id, with_for_update=True)
        if current.fetch_state != FetchState.WANTED:
            return False
        current.set_text(current.title or page.title, page.body)
        current.published_at = current.published_at or page.published_at
        current.fetch_state, current.fetch_error = FetchState.FETCHED.value, None
        current.updated_at = now
        tx.session.add(
            Event(
                site_id=current.site_id,
                kind="article.fetched",
                article_id=current.id,
                actor="machine",
                created_at=now,
            )
        )
        tx.after_commit.append(lambda: ctx.queue.send("index_article", str(article_id)))
    return True


def _note_failure(ctx: Context, article_id: UUID, failure: FetchFailed) -> None:
    now = ctx.clock()
    with ctx.transaction() as tx:
        article = tx.session.get_one(Article, article_id, with_for_update=True)
        article.fetch_attempts += 1
        article.fetch_error = failure.code
        article.updated_at = now
        if not failure.permanent and article.fetch_attempts < MAX_ATTEMPTS:
            return
        article.fetch_state = FetchState.FAILED.value
        tx.session.add(
            Event(
                site_id=article.site_id,
                kind="article.fetch_failed",
                article_id=article.id,
                actor="machine",
                data={"code": failure.code},
                created_at=now,
            )
        )
        tx.after_commit.append(ctx.queue.nudge_scoring)
