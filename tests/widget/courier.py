"""Small papers on the running stack: an article, readers who write, a moderator who decides."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from config.settings import Settings
from service.adapters.tokens import issue_reader_token
from service.bootstrap import make_parts
from service.models import Article, Comment, Site
from service.seed import DEMO_BODY, DEMO_TITLE
from service.usecases.activate_guidelines import activate_guidelines
from service.usecases.context import Context
from service.usecases.create_site import create_site
from service.usecases.register_article import ArticleFields, register_article
from workers.bench.running_stack import Answer, RunningStack

DECIDED_SECONDS = 60
POLL_SECONDS = 0.1
SECRET = "the sign-in secret of papers that only the tests know"
TOKEN_TTL = timedelta(hours=2)


@dataclass
class Courier:
    """What tests of the widget need of a publication.

    Each article is in a paper of its own, under the same key: what is said in one test is no
    repeat of another's, and nobody has a past.
    """

    stack: RunningStack
    settings: Settings
    ctx: Context
    site: Site | None = None
    edition: int = 0

    def article(self, *changes: tuple[str, str], **fields: Any) -> str:
        """An article in a paper of its own; gives the key of both.

        `changes` are made to the text of the shipped guidelines, each in one place.
        """
        self.edition += 1
        key = f"widget-{self.edition}"
        self.site = create_site(
            self.ctx, key=key, name="The Carrick Courier", guests_allowed=True, sso_secret=SECRET
        )
        if changes:
            source = Path(self.settings.guidelines_file).read_text("utf-8")
            for before, after in (("site: demo\n", f"site: {key}\n"), *changes):
                assert source.count(before) == 1, before
                source = source.replace(before, after)
            activate_guidelines(
                self.ctx,
                site_id=self.site.id,
                source=source,
                lists=None,
                note="a test's",
                moderator_id=None,
            )
        return self.another(key, **fields)

    def adrift(self, comment: str) -> None:
        """A thread, and with it its article, has moved away."""
        now = self.ctx.clock()
        with self.ctx.transaction() as tx:
            top = tx.session.get_one(Comment, UUID(comment))
            article = tx.session.get_one(Article, top.article_id)
            top.adrift_since = article.drifting_since = now

    def another(self, key: str, **fields: Any) -> str:
        """One more article in the newest paper."""
        assert self.site is not None
        known = {"title": DEMO_TITLE, "body": DEMO_BODY, "section": "local", **fields}
        register_article(self.ctx, site_id=self.site.id, key=key, fields=ArticleFields(**known))
        return key

    def token(self, name: str) -> str:
        """A reader's token, signed as the publisher signs them."""
        assert self.site is not None
        user = {"id": f"reader-{name}", "username": name}
        return issue_reader_token(user, SECRET, TOKEN_TTL, site=self.site.key)

    def call(self, method: str, path: str, name: str, body: object = None) -> Answer:
        """A reader's request to the newest paper."""
        assert self.site is not None
        path = f"/api/v1/{path}?site={self.site.key}"
        return self.stack.call(method, path, token=self.token(name), body=body)

    def comment(self, article: str, name: str, body: str, parent: str | None = None) -> str:
        """Post a comment and wait until it was decided; gives its id."""
        fields = {"body": body, **({"parent_id": parent} if parent else {})}
        answer = self.call("POST", f"articles/{article}/comments", name, fields)
        assert answer.status == 202, answer
        comment: str = answer.json["id"]
        end = time.monotonic() + DECIDED_SECONDS
        while time.monotonic() < end:
            if self.status(name, comment) != "pending":
                return comment
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"comment {comment} was not decided")

    def status(self, name: str, comment: str) -> str:
        """What became of a comment, as its author sees it."""
        return str(self.call("GET", f"comments/{comment}", name).json["status"])

    def decide(self, comment: str, **fields: Any) -> None:
        """A moderator decides the item of a comment in the newest paper's queue."""
        assert self.site is not None
        where = ("--site", self.site.key, "--data", str(self.stack.data))
        token = self.stack.command("token", "moderator", "Orla", *where)
        queue = self.stack.call("GET", "/api/v1/moderation/queue", token=token).json["items"]
        item = next(one for one in queue if one["comment_id"] == comment)
        path = f"/api/v1/moderation/items/{item['id']}/decisions"
        body = {"version": item["version"], **fields}
        answer = self.stack.call("POST", path, token=token, body=body)
        assert answer.status == 201, answer


@contextmanager
def courier(stack: RunningStack) -> Iterator[Courier]:
    """Papers on a running stack."""
    settings = Settings.from_env(stack.environment())
    parts = make_parts(settings)
    yield Courier(stack, settings, parts.ctx)
    parts.engine.dispose()
