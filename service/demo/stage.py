"""Where the demo's conversation is played: who is there, and what was said so far."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from service.domain.comment import CommentStatus
from service.models import Article, Comment, Reader, Site
from service.queries.articles import get_article
from service.queries.demo import find_said
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.recognise_reader import recognise_reader

ID_CHARS = 16
# The first comments wait for the models to load and for the articles to be embedded.
PATIENCE_SECONDS = 180.0
STAFF = "Róisín Lyons"

Found = TypeVar("Found")


class DemoWaits(Exception):
    """Something the conversation needs did not come; the next start goes on from there."""


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody says under an article: `to` names the line it answers."""

    name: str
    by: str
    text: str
    article: str
    to: str | None = None


def demo_reader_id(name: str) -> str:
    """The demo paper's own id of the reader who goes by this name."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"demo-{digest[:ID_CHARS]}"


@dataclass
class Stage:
    """One playing of the conversation.

    lines: everything that is said, by name.
    moderators: who works at the desk, by name.
    pace: called while something is waited for.
    """

    ctx: Context
    site: Site
    lines: Mapping[str, Line]
    moderators: Mapping[str, SignedInModerator]
    pace: Callable[[], None]
    _articles: dict[str, Article] = field(default_factory=dict)

    def reader(self, name: str) -> Reader:
        """The reader as of now: standing and warnings change along the way."""
        known = recognise_reader(
            self.ctx,
            site_id=self.site.id,
            external_id=demo_reader_id(name),
            username=name,
            badges=["staff"] if name == STAFF else [],
        )
        with self.ctx.reading() as session:
            return session.get_one(Reader, known.id)

    def author(self, line: str) -> Reader:
        """Who says this line."""
        return self.reader(self.lines[line].by)

    def article(self, key: str) -> Article:
        """The demo article by this key."""
        if key not in self._articles:
            with self.ctx.reading() as session:
                self._articles[key] = get_article(session, site_id=self.site.id, key=key)
        return self._articles[key]

    def said(self, name: str) -> Comment | None:
        """The comment of a line as it is now; None where it was not said yet."""
        line = self.lines[name]
        article, reader = self.article(line.article), self.reader(line.by)
        with self.ctx.reading() as session:
            return find_said(session, reader_id=reader.id, article_id=article.id, body=line.text)

    def comment(self, name: str) -> Comment:
        """The comment of a line that was said, once it was scored. Raises DemoWaits."""

        def scored() -> Comment | None:
            found = self.said(name)
            waits = found is None or found.status == CommentStatus.PENDING
            return None if waits else found

        return self.wait(scored, f"no worker scored the comment `{name}`")

    def comment_id(self, name: str) -> UUID | None:
        """The id of a line's comment, scored or not; None where it was not said yet."""
        found = self.said(name)
        return found.id if found else None

    def wait(self, look: Callable[[], Found | None], otherwise: str) -> Found:
        """What `look` gives, once it gives something. Raises DemoWaits after a long while."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (found := look()) is None:
            if time.monotonic() > end:
                raise DemoWaits(otherwise)
            self.pace()
        return found
