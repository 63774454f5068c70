"""Threads whose comments are as near to their article as a test says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from service.domain.drift import ThreadDrift, ThreadState
from service.domain.scoring import Assessment, ModelInUse, ScoreInput, Vector
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
        [top] = self._say([NEAR], None)
        self.reply(top, relevances)
        return top

    def reply(self, top: Comment, relevances: Iterable[float | None]) -> list[Comment]:
        """Replies, one after another, each of its relevance."""
        return self._say(list(relevances), top)

    def _say(self, relevances: Sequence[float | None], top: Comment | None) -> list[Comment]:
        parent = top.id if top is not None else None
        said = [
            self._make.comment(self.article, self._make.reader(self._site), parent_id=parent)
            for _ in relevances
        ]
        score_comments(self._ctx, Listed(relevances))
        return [self._make.reload(comment) for comment in said]


class Listed:
    """An engine that finds the comments harmless and as relevant as a list says, in order."""

    models: Sequence[ModelInUse] = ()

    def __init__(self, relevances: Sequence[float | None]) -> None:
        self._left = list(relevances)

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        engines = [FixedEngine(relevance=self._left.pop(0)) for _ in batch]
        return [engine.score([one])[0] for engine, one in zip(engines, batch, strict=True)]

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        return FixedEngine().embed(texts)


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
