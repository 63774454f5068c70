"""The table of tasks: each is one call to a use case. Ids travel, never texts."""

from __future__ import annotations

from uuid import UUID

from service.adapters.queue import TaskNames
from service.usecases.deliver_webhooks import deliver_webhooks
from service.usecases.fetch_article import fetch_article
from service.usecases.follow_events import follow_events
from service.usecases.index_article import index_article
from service.usecases.keep_clocks import keep_clocks
from service.usecases.score_comments import score_comments
from service.usecases.send_digests import send_digests
from service.usecases.sweep import sweep
from workers.app import app
from workers.process import worker


@app.task(name=TaskNames.SCORE_PENDING)
def score_pending() -> None:
    """Score and decide everything that waits."""
    score_comments(worker().ctx, worker().engine())


@app.task(name=TaskNames.INDEX_ARTICLE)
def index(article_id: str) -> None:
    """Split and embed an article's text."""
    index_article(worker().ctx, worker().engine(), article_id=UUID(article_id))


@app.task(name=TaskNames.FETCH_ARTICLE)
def fetch(article_id: str) -> None:
    """Fetch an article's text from its page."""
    fetch_article(worker().ctx, worker().fetch, article_id=UUID(article_id))


@app.task(name=TaskNames.KEEP_CLOCKS)
def keep_time() -> None:
    """Do what time alone asks for: priorities, breaches, ends of sanctions."""
    keep_clocks(worker().ctx)


@app.task(name=TaskNames.FOLLOW_EVENTS)
def follow() -> None:
    """Seal what happened and hand it on."""
    follow_events(worker().ctx)


@app.task(name=TaskNames.DELIVER_WEBHOOKS)
def deliver() -> None:
    """Send what waits for webhooks."""
    deliver_webhooks(worker().ctx)


@app.task(name=TaskNames.SEND_DIGESTS)
def send_letters() -> None:
    """Send the e-mails that are due."""
    send_digests(worker().ctx)


@app.task(name=TaskNames.SWEEP)
def sweep_lost() -> None:
    """Repair what was lost on the way."""
    sweep(worker().ctx)
