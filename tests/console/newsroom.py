"""A newsroom on the running stack: moderators with passwords, readers who write and report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from config.settings import Settings
from service.adapters.tokens import issue_reader_token
from service.bootstrap import make_parts
from service.domain.identity import Role
from service.models import Site
from service.seed import DEMO_BODY, DEMO_TITLE
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.identify_caller import find_site
from service.usecases.register_article import ArticleFields, register_article
from workers.bench.running_stack import RunningStack

PASSWORD = "seven grey herons at low tide"
TOKEN_TTL = timedelta(hours=2)
DECIDED_SECONDS = 60
ABUSIVE = "You are a worthless idiot and everyone on the council hates you, {name}."
_serial = count(1)


@dataclass
class Newsroom:
    """What tests of the console need of a site: people, articles, comments."""

    stack: RunningStack
    ctx: Context
    site: Site
    tokens: dict[str, str] = field(default_factory=dict)
    edition: int = 0

    def new_readers(self) -> None:
        """From now on the names stand for readers who have never written before."""
        self.edition += 1
        self.tokens.clear()

    def moderator(self, name: str, role: Role = Role.MODERATOR) -> str:
        """A moderator with a password; gives the address to sign in with."""
        email = f"moderator-{next(_serial)}@courier.example"
        add_moderator(
            self.ctx, site_id=self.site.id, email=email, name=name, role=role, password=PASSWORD
        )
        return email

    def article(self, title: str = DEMO_TITLE, body: str = DEMO_BODY) -> str:
        """An article of its own; gives its key."""
        key = f"console-{next(_serial)}"
        fields = ArticleFields(title=title, body=body, section="local")
        register_article(self.ctx, site_id=self.site.id, key=key, fields=fields)
        return key

    def token(self, name: str) -> str:
        """A reader's token, signed as the publisher signs them."""
        if name not in self.tokens:
            user = {"id": f"console-{self.edition}-{name}", "username": name, "badges": []}
            self.tokens[name] = issue_reader_token(
                user, self.site.sso_secrets[0], TOKEN_TTL, site=self.site.key
            )
        return self.tokens[name]

    def post(self, article: str, name: str, body: str, parent: str | None = None) -> str:
        """Post a comment; gives its id."""
        fields = {"body": body, **({"parent_id": parent} if parent else {})}
        answer = self.stack.call(
            "POST", f"/api/v1/articles/{article}/comments", token=self.token(name), body=fields
        )
        assert answer.status == 202, answer
        return str(answer.json["id"])

    def decided(self, name: str, comment: str) -> Any:
        """The comment as its author sees it, once it was scored."""
        end = time.monotonic() + DECIDED_SECONDS
        while time.monotonic() < end:
            answer = self.stack.call("GET", f"/api/v1/comments/{comment}", token=self.token(name))
            if answer.json["status"] != "pending":
                return answer.json
            time.sleep(0.1)
        raise TimeoutError(f"comment {comment} was not decided")

    def comment(self, article: str, name: str, body: str, parent: str | None = None) -> str:
        """Post a comment and wait until it was scored; gives its id."""
        comment = self.post(article, name, body, parent)
        self.decided(name, comment)
        return comment

    def held(self, article: str, *names: str) -> list[str]:
        """An abusive comment by each of these readers, all held."""
        comments = [self.post(article, name, ABUSIVE.format(name=name)) for name in names]
        for name, comment in zip(names, comments, strict=True):
            assert self.decided(name, comment)["status"] == "held"
        return comments

    def report(self, comment: str, name: str, guideline: str, detail: str | None = None) -> None:
        """A reader reports a comment."""
        fields = {"guideline": guideline, **({"detail": detail} if detail else {})}
        path = f"/api/v1/comments/{comment}/reports"
        answer = self.stack.call("POST", path, token=self.token(name), body=fields)
        assert answer.status == 201, answer

    def notice(self, comment: str) -> None:
        """Somebody says that a comment is illegal."""
        fields = {
            "category": "defamation",
            "explanation": "It says that our shop sold stolen goods. We never did.",
            "name": "Denis Ahern",
            "email": "denis@shop.example",
            "good_faith": True,
        }
        answer = self.stack.call("POST", f"/api/v1/comments/{comment}/notices", body=fields)
        assert answer.status == 201, answer

    def status(self, name: str, comment: str) -> str:
        """What became of a comment, as its author sees it."""
        return str(self.decided(name, comment)["status"])


@contextmanager
def newsroom(stack: RunningStack) -> Iterator[Newsroom]:
    """The demo site of a running stack."""
    parts = make_parts(Settings.from_env(stack.environment()))
    with parts.ctx.reading() as session:
        site = find_site(session, "demo")
    yield Newsroom(stack, parts.ctx, site)
    parts.engine.dispose()
