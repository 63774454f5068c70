"""Reads from the database in a few threads; a thousand who come at once share a few of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Generic, TypeVar
from uuid import UUID

from cachetools import TTLCache
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from service.domain.errors import NotFound, Unavailable
from service.queries import live
from service.queries.live import ArticleNow, CommentNow, Happened

THREADS = 4
# Articles never change their ids; a minute only bounds how long a deleted one is remembered.
ARTICLES_KEPT, ARTICLE_SECONDS = 10_000, 60
# Who comes within this time of a reading of the same article shares the next one.
SHARED_SECONDS = 0.1
# More than this since a page was last told of anything: it loads again, which is cheaper.
MISSED_MOST = 500
# Ids are handed out before the commit, so an event can turn up after younger ones were sent. No
# transaction lasts this long (statements end after 15 s, idle ones after 30), and clocks of
# several machines differ by less: what is repeated covers both.
OVERLAP = timedelta(seconds=60)

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a listener is told first: the article, and the newest of what happened to it.

    `happened` is newest first, and all there is where it is shorter than MISSED_MOST.
    """

    now: ArticleNow
    happened: Sequence[Happened]
    comments: dict[UUID, CommentNow]

    @property
    def position(self) -> int:
        """The newest event in the log; 0 before the first."""
        return max((h.event_id for h in self.happened), default=0)

    def since(self, position: int) -> list[Happened] | None:
        """What may have been missed since `position`, oldest first, once for each comment.

        All within the overlap before that event counts as missed. None where it cannot be told:
        the event is not among the newest ones, or too much happened since.
        """
        complete = len(self.happened) < MISSED_MOST
        seen = next((h for h in self.happened if h.event_id == position), None)
        if seen is None:
            if position or not complete:
                return None
            found = list(self.happened)
        else:
            floor = seen.at - OVERLAP
            found = [h for h in self.happened if h.event_id > position or h.at > floor]
            if len(found) == len(self.happened) and not complete:
                return None
        visible = [h for h in reversed(found) if h.change is not None]
        newest = {h.comment_id: h for h in visible}
        return [h for h in visible if newest[h.comment_id] is h and h is not seen]


class Together(Generic[K, T]):
    """Shares readings: each begins after its callers asked, and answers all who asked by then.

    A reading that had begun before somebody asked could lack what he has to be told, so he waits
    for the next one; that is what a cache could not do.
    """

    def __init__(self, read: Callable[[K], T], threads: ThreadPoolExecutor) -> None:
        self._read = read
        self._threads = threads
        self._next: dict[K, asyncio.Task[T]] = {}
        self._busy: dict[K, asyncio.Task[T]] = {}

    async def get(self, key: K) -> T:
        """What a reading that begins from now on finds. Raises what the reading raises."""
        task = self._next.get(key)
        if task is None:
            task = asyncio.create_task(self._run(key, self._busy.get(key)))
            self._next[key] = task
        return await asyncio.shield(task)

    async def _run(self, key: K, before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait([before])
            await asyncio.sleep(SHARED_SECONDS)
        own = self._next.pop(key)
        self._busy[key] = own
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._read, key)
        finally:
            if self._busy.get(key) is own:
                del self._busy[key]


class LiveReads:
    """What the live process asks the database. Raises Unavailable where it does not answer."""

    def __init__(self, readers: sessionmaker[Session], shows_drift: Callable[[UUID], bool]) -> None:
        """Args: shows_drift: whether readers of a site are told that a talk drifts."""
        self._readers = readers
        self._shows_drift = shows_drift
        self._threads = ThreadPoolExecutor(THREADS, "live-read")
        self._articles: TTLCache[tuple[str, str], UUID] = TTLCache(ARTICLES_KEPT, ARTICLE_SECONDS)
        self._find: Together[tuple[str, str], UUID] = Together(self._find_article, self._threads)
        self._arrive: Together[tuple[UUID, bool], Arrival] = Together(self._arrival, self._threads)

    async def article_id(self, site_key: str, key: str) -> UUID:
        """The article by its site's and its own key. Raises NotFound."""
        known: UUID | None = self._articles.get((site_key, key))
        if known is None:
            known = await self._find.get((site_key, key))
            self._articles[site_key, key] = known
        return known

    async def arrival(self, article_id: UUID, *, resuming: bool) -> Arrival:
        """The article as it is now, and what happened to it of late if somebody asks for that."""
        return await self._arrive.get((article_id, resuming))

    async def now(
        self, article_ids: Collection[UUID], comment_ids: Collection[UUID]
    ) -> tuple[dict[UUID, ArticleNow], dict[UUID, CommentNow]]:
        """Articles and comments as they are now."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._now, article_ids, comment_ids)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(cancel_futures=True)

    def _find_article(self, keys: tuple[str, str]) -> UUID:
        site_key, key = keys
        return self._ask(lambda session: live.find_article(session, site_key=site_key, key=key))

    def _arrival(self, wanted: tuple[UUID, bool]) -> Arrival:
        article_id, resuming = wanted

        def read(session: Session) -> Arrival:
            happened = live.latest_happened(
                session, article_id, limit=MISSED_MOST if resuming else 1
            )
            now = self._articles_now(session, [article_id]).get(article_id)
            if now is None:
                raise NotFound("There is no article with this key.", code="article_not_found")
            ids = {h.comment_id for h in happened if h.comment_id} if resuming else ()
            return Arrival(now, happened, live.comments_now(session, ids) if ids else {})

        return self._ask(read)

    def _now(
        self, article_ids: Collection[UUID], comment_ids: Collection[UUID]
    ) -> tuple[dict[UUID, ArticleNow], dict[UUID, CommentNow]]:
        return self._ask(
            lambda session: (
                self._articles_now(session, article_ids),
                live.comments_now(session, comment_ids),
            )
        )

    def _articles_now(self, session: Session, ids: Collection[UUID]) -> dict[UUID, ArticleNow]:
        found = live.articles_now(session, ids)
        return {
            id_: replace(now, drifting=now.drifting and self._shows_drift(now.site_id))
            for id_, now in found.items()
        }

    def _ask(self, read: Callable[[Session], T]) -> T:
        try:
            with self._readers() as session:
                return read(session)
        except SQLAlchemyError as error:
            raise Unavailable(detail="The database cannot be reached right now.") from error
