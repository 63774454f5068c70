"""Threads whose comments are as near to their article as a test says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from service.domain.drift import ThreadDrift, ThreadState
from service.models import Article, Comment, Event, ReviewItem, Site
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers

NEAR, FAR = 0.9, 0.03
STRAYING = [FAR] * 4
RETURNING = [0.95] * 5


class Talk:
    """The conversation under one article."""

    def __init__(self, ctx: Context, site: Site, article: Article | None = None) -> None:
        self._ctx, self._site = ctx, site
        self._make = Makers(ctx)
        self.article = article or self._make.article(site)

    def at(self, ctx: Context) -> Talk:
        """The same conversation at another time."""
        return Talk(ctx, self._site, self.article)

    def thread(self, *relevances: float | None) -> Comment:
        """A new thread with a top-level comment that is near its article, and such replies."""
        top = self._say(NEAR, None)
        self.reply(top, relevances)
        return top

    def reply(self, top: Comment, relevances: Iterable[float | None]) -> list[Comment]:
        """Replies, one after another, each scored before the next comes."""
        return [self._say(relevance, top) for relevance in relevances]

    def _say(self, relevance: float | None, top: Comment | None) -> Comment:
        reader = self._make.reader(self._site)
        parent = top.id if top is not None else None
        comment = self._make.comment(self.article, reader, parent_id=parent)
        score_comments(self._ctx, FixedEngine(relevance=relevance))
        found: Comment = self._make.reload(comment)
        return found


def state_of(ctx: Context, top: Comment) -> ThreadDrift:
    """The estimate kept for a thread."""
    with ctx.reading() as session:
        stored = session.get_one(Comment, top.id).drift_state or {}
    return ThreadDrift(**stored | {"state": ThreadState(stored["state"])})


def items_of(ctx: Context, site: Site) -> list[ReviewItem]:
    """All review items of a site."""
    with ctx.reading() as session:
        query = select(ReviewItem).where(ReviewItem.site_id == site.id).order_by(ReviewItem.id)
        return list(session.scalars(query))


def events_of(ctx: Context, site: Site, prefix: str) -> list[Event]:
    """A site's events whose kind begins so, in order."""
    with ctx.reading() as session:
        query = select(Event).where(Event.site_id == site.id, Event.kind.startswith(prefix))
        return list(session.scalars(query.order_by(Event.id)))
