"""Who listens to which article; passes messages on and never waits for anybody."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection
from uuid import UUID

from service.domain.errors import Unavailable
from service.live import frames
from service.live.counts import LiveCounts
from service.live.listener import Listener
from service.queries.live import ArticleNow

FULL_RETRY_SECONDS = 30
# How long messages may wait for a listener on top of a heartbeat's time.
STUCK_SECONDS = 30.0


class Refused(Unavailable):
    """This process, or this address, has as many listeners as it may have."""

    code = "live_full"


class Room:
    """The listeners of one article, and what they were last told of it."""

    __slots__ = ("listeners", "now")

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.now: ArticleNow | None = None


class Hub:
    """All listeners of the process. For one event loop; no call of it waits."""

    def __init__(self, counts: LiveCounts, *, most: int, most_per_address: int) -> None:
        self._counts = counts
        self._most = most
        self._most_per_address = most_per_address
        self._rooms: dict[UUID, Room] = {}
        self._addresses: Counter[str] = Counter()
        self._listening = 0
        self._closed = False
        counts.listeners = lambda: self._listening

    def join(self, article_id: UUID, address: str, on_cut: Callable[[], None]) -> Listener:
        """Begin to listen; from now on every message of the article is queued.

        Raises Refused beyond a limit or while the process is stopping.
        """
        self._check_room(address)
        listener = Listener(article_id, address, on_cut)
        self._rooms.setdefault(article_id, Room()).listeners.add(listener)
        self._addresses[address] += 1
        self._listening += 1
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a listener; twice is fine."""
        room = self._rooms.get(listener.article_id)
        if room is None or listener not in room.listeners:
            return
        room.listeners.discard(listener)
        if not room.listeners:
            del self._rooms[listener.article_id]
        self._listening -= 1
        self._addresses[listener.address] -= 1
        if not self._addresses[listener.address]:
            del self._addresses[listener.address]

    def has(self, article_id: UUID) -> bool:
        """Whether anybody listens to an article."""
        return article_id in self._rooms

    def tell(self, article_id: UUID, event: str, frame: bytes) -> None:
        """Queue a message for everybody who listens to an article; the too slow are cut."""
        room = self._rooms.get(article_id)
        if room is None:
            return
        slow = [listener for listener in room.listeners if not listener.offer(frame)]
        self._counts.sent[event] += len(room.listeners) - len(slow)
        for listener in slow:
            self.cut(listener)

    def cut(self, listener: Listener) -> None:
        """Drop a listener who does not read."""
        self._counts.cut += 1
        self.leave(listener)
        listener.cut()

    def remember_article(self, article_id: UUID, now: ArticleNow) -> None:
        """What a first listener's page shows; news are compared with it."""
        room = self._rooms.get(article_id)
        if room is not None and room.now is None:
            room.now = now

    def tell_article(self, article_id: UUID, now: ArticleNow, event_id: int | None) -> None:
        """Tell of an article's own state, where its listeners were not told the same before."""
        room = self._rooms.get(article_id)
        if room is None:
            return
        before, room.now = room.now, now
        if before is None or (before.mode, before.drifting) != (now.mode, now.drifting):
            self.tell(article_id, "article", frames.article(now, event_id))

    def beat(self, now: float, *, quiet: float) -> None:
        """Send a heartbeat to whoever heard nothing for `quiet` seconds; cut who reads nothing.

        One look at everybody, and not a timer for each: that would cost more than the messages.
        """
        everybody = [one for room in self._rooms.values() for one in room.listeners]
        for listener in everybody:
            seconds = listener.quiet_for(now)
            if listener.is_behind and seconds > quiet + STUCK_SECONDS:
                self.cut(listener)
            elif not listener.is_behind and seconds >= quiet:
                listener.offer(frames.HEARTBEAT)

    def reset(self, article_ids: Collection[UUID] | None = None, *, spread: float) -> None:
        """Tell listeners to load again, article by article within `spread` seconds.

        Without `article_ids` it is everybody. Spread, because each of them asks the API next.
        """
        loop = asyncio.get_running_loop()
        message = frames.reset()
        for article_id in list(self._rooms) if article_ids is None else article_ids:
            delay = random.uniform(0, spread)  # noqa: S311 - spreads load, guards nothing
            loop.call_later(delay, self.tell, article_id, "reset", message)

    def close(self) -> None:
        """End every stream and take no new listener: the process stops."""
        self._closed = True
        for room in self._rooms.values():
            for listener in room.listeners:
                listener.end()

    def _check_room(self, address: str) -> None:
        if self._closed:
            raise Refused(1, "This process is stopping.")
        if self._listening >= self._most:
            self._counts.refused["process"] += 1
            raise Refused(FULL_RETRY_SECONDS, "As many pages are open as this process serves.")
        if self._addresses[address] >= self._most_per_address:
            self._counts.refused["address"] += 1
            raise Refused(FULL_RETRY_SECONDS, "Too many pages are open from this address.")
