"""Hears what was published, looks up how it stands, and hands it to the hub."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.adapters.live_updates import LiveSubscription
from service.adapters.redis_client import RedisFailure
from service.domain.errors import Unavailable
from service.domain.live_update import Change, News
from service.live import frames
from service.live.counts import LiveCounts
from service.live.hub import Hub
from service.live.reads import LiveReads

# News that come within this time after a reading share the next one: at most 20 a second.
TOGETHER_SECONDS = 0.05
DATABASE_PAUSE_SECONDS = 1.0
# Looks at all listeners within the time of a heartbeat.
TICKS = 15
# News that may wait while the database is away; with more, everybody loads again.
WAITING_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things happen, in seconds; tests are less patient."""

    heartbeat: float = 15.0
    # Of reactions to one comment, one message in this time.
    reactions: float = 3.0
    first_pause: float = 0.5
    longest_pause: float = 10.0
    # Over how long the pages are told to load again after an outage.
    reset_spread: float = 5.0


class Follower:
    """Follows the installation's news for as long as the process runs."""

    def __init__(
        self,
        subscription: LiveSubscription,
        reads: LiveReads,
        hub: Hub,
        counts: LiveCounts,
        pace: Pace,
    ) -> None:
        self._subscription = subscription
        self._reads = reads
        self._hub = hub
        self._counts = counts
        self._pace = pace
        self._waiting: dict[UUID, News] = {}
        self._reactions: dict[UUID, News] = {}
        self._wake = asyncio.Event()
        self._reacted = asyncio.Event()
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Follow until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._tell())
            tasks.create_task(self._let_reactions_pass())
            tasks.create_task(self._beat())

    async def _listen(self) -> None:
        """Listen; where Redis goes away, come back, and say that something may have been missed."""
        pause, lost = self._pace.first_pause, False
        while True:
            try:
                async with self._subscription.messages() as messages:
                    if lost:
                        self._log_back()
                    # Whoever came before we heard anything may have missed something as well.
                    self._hub.reset(spread=self._pace.reset_spread)
                    pause, lost = self._pace.first_pause, False
                    self.connected.set()
                    async for news in messages:
                        self._take(news)
            except RedisFailure as failure:
                if not lost:
                    logging.getLogger(__name__).warning(
                        "no live updates: Redis is away (%s)", type(failure).__name__
                    )
                lost = True
                self.connected.clear()
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads load
            pause = min(pause * 2, self._pace.longest_pause)

    @staticmethod
    def _log_back() -> None:
        logging.getLogger(__name__).warning("live updates are back")

    def _take(self, news: Sequence[News]) -> None:
        for item in news:
            if not self._hub.has(item.article_id):
                self._counts.dropped["nobody_listens"] += 1
            elif item.comment_id is not None and item.event_id is None:
                self._reactions[item.comment_id] = item
                self._reacted.set()
            else:
                self._put(item)

    def _put(self, item: News) -> None:
        """Queue news; of several about the same thing the newest stays, and what weighs more."""
        key = item.comment_id or item.article_id
        known = self._waiting.get(key)
        if known is not None:
            newest = max(known.event_id or 0, item.event_id or 0) or None
            changes = {known.change, item.change} - {Change.CHANGED}
            change = item.change if item.change in changes else next(iter(changes), Change.CHANGED)
            item = News(item.article_id, item.comment_id, newest, change)
        self._waiting[key] = item
        self._wake.set()

    async def _let_reactions_pass(self) -> None:
        while True:
            await self._reacted.wait()
            await asyncio.sleep(self._pace.reactions)
            self._reacted.clear()
            for item in self._reactions.values():
                self._put(item)
            self._reactions.clear()

    async def _tell(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = self._waiting, {}
            try:
                await self._tell_batch(list(batch.values()))
            except Unavailable:
                self._keep(batch)
                await asyncio.sleep(DATABASE_PAUSE_SECONDS)
            await asyncio.sleep(TOGETHER_SECONDS)

    async def _beat(self) -> None:
        tick = self._pace.heartbeat / TICKS
        while True:
            await asyncio.sleep(tick)
            self._hub.beat(time.monotonic(), quiet=self._pace.heartbeat - tick)

    def _keep(self, batch: dict[UUID, News]) -> None:
        """Put news back that could not be looked up; with too many, let everybody load again."""
        later, self._waiting = self._waiting, batch
        for item in later.values():
            self._put(item)
        self._wake.set()
        if len(self._waiting) > WAITING_MOST:
            self._counts.dropped["database_away"] += len(self._waiting)
            articles = {item.article_id for item in self._waiting.values()}
            self._waiting = {}
            self._hub.reset(articles, spread=self._pace.reset_spread)

    async def _tell_batch(self, batch: Sequence[News]) -> None:
        ids = {item.comment_id for item in batch if item.comment_id is not None}
        articles, comments = await self._reads.now({item.article_id for item in batch}, ids)
        for item in sorted(batch, key=lambda item: item.event_id or 0):
            article = articles.get(item.article_id)
            if article is None:
                continue
            if item.comment_id is None:
                self._hub.tell_article(item.article_id, article, item.event_id)
            elif (comment := comments.get(item.comment_id)) is not None:
                count = article.comment_count
                frame = frames.comment(comment, item.change, count, item.event_id)
                self._hub.tell(item.article_id, "comment", frame)
