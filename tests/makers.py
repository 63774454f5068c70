"""Makers of real rows with good defaults: name only what the test is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, cast
from uuid import UUID

from service.adapters.tokens import issue_reader_token
from service.domain.guideline import Policy
from service.domain.identity import Role
from service.domain.scoring import (
    Assessment,
    ModelInUse,
    ScoreInput,
    ScoreResult,
    Vector,
)
from service.models import (
    Article,
    Comment,
    CredentialKind,
    Membership,
    Moderator,
    ModeratorCredential,
    Reader,
    Site,
    new_id,
)
from service.usecases.context import Context, Policies
from service.usecases.create_site import create_site
from service.usecases.post_comment import post_comment
from service.usecases.recognise_reader import recognise_reader
from service.usecases.register_article import ArticleFields, register_article
from service.usecases.score_comments import score_comments

SSO_SECRET = "the publisher's own secret, long enough too"
CIVIL = "I think the ferry timetable should be printed in larger type."
_serial = count(1)


@dataclass
class FixedEngine:
    """An engine that says what the test wants it to say of every comment."""

    toxicity: float | None = 0.02
    relevance: float | None = 0.8
    models: Sequence[ModelInUse] = (ModelInUse("toxicity", "fixed", "1", "none"),)

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        return [
            Assessment(
                toxicity=_result("fixed", "toxicity", self.toxicity),
                relevance=_result("fixed", "relevance", self.relevance),
            )
            for _ in batch
        ]

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [[1.0] + [0.0] * 383 for _ in texts]


def _result(model: str, label: str, value: float | None) -> ScoreResult:
    known = value is not None
    return ScoreResult(
        model=model,
        version="1",
        calibration="none",
        values={label: value} if value is not None else {},
        unknown=None if known else "failed",
        language="en",
    )


class Makers:
    """Makes sites, articles, readers and comments through the use cases."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def site(self, key: str = "demo", **overrides: Any) -> Site:
        fields: dict[str, Any] = {"name": "The Courier", "sso_secret": SSO_SECRET}
        return create_site(self._ctx, key=key, **(fields | overrides))

    def article(self, site: Site, key: str | None = None, **fields: Any) -> Article:
        key = key or f"article-{next(_serial)}"
        article, _ = register_article(
            self._ctx, site_id=site.id, key=key, fields=ArticleFields(**fields)
        )
        return article

    def reader(self, site: Site, name: str | None = None, **overrides: Any) -> Reader:
        name = name or f"reader-{next(_serial)}"
        return recognise_reader(
            self._ctx, site_id=site.id, external_id=name, username=name, **overrides
        )

    def comment(
        self,
        article: Article,
        reader: Reader,
        body: str | None = None,
        parent_id: UUID | None = None,
    ) -> Comment:
        """A pending comment."""
        return post_comment(
            self._ctx,
            site_id=article.site_id,
            article_key=article.key,
            reader=self.reload(reader),
            body=body or f"{CIVIL} ({next(_serial)})",
            parent_id=parent_id,
        ).comment

    def published(self, article: Article, reader: Reader, **fields: Any) -> Comment:
        """A comment that was scored and found harmless."""
        comment = self.comment(article, reader, **fields)
        score_comments(self._ctx, FixedEngine())
        return self.reload(comment)

    def moderator(
        self, site: Site, name: str = "mod", role: Role = Role.MODERATOR
    ) -> ModeratorMade:
        """A moderator of the site with an API token, stored as the command line stores them."""
        plain, hashed, prefix = self._ctx.credentials.new_moderator_token()
        person = Moderator(id=new_id(), email=f"{name}-{next(_serial)}@example.org", name=name)
        with self._ctx.transaction() as tx:
            tx.session.add(person)
            tx.session.flush()
            tx.session.add(Membership(moderator_id=person.id, site_id=site.id, role=role.value))
            tx.session.add(
                ModeratorCredential(
                    moderator_id=person.id,
                    site_id=site.id,
                    kind=CredentialKind.TOKEN.value,
                    hash=hashed,
                    prefix=prefix,
                )
            )
        return ModeratorMade(person.id, bearer(plain))

    def reload(self, row: Any) -> Any:
        """The row as it is now."""
        with self._ctx.reading() as session:
            return session.get_one(type(row), row.id)


def always(policy: Policy) -> Policies:
    """Policies of which every site has this one; for tests that only ask for it."""

    def given(site_id: UUID | None = None) -> Policy:
        return policy

    return cast(Policies, given)


@dataclass(frozen=True)
class ModeratorMade:
    """A moderator of one site, with a token."""

    id: UUID
    headers: dict[str, str]


def reader_token(name: str = "ann", secret: str = SSO_SECRET, **options: Any) -> str:
    """A sign-in token as the publisher makes it."""
    user = {"id": name, "username": name.title(), "badges": options.pop("badges", [])}
    ttl = options.pop("ttl", timedelta(hours=1))
    return issue_reader_token(user, secret, ttl, **options)


def bearer(token: str) -> dict[str, str]:
    """The header that carries a credential."""
    return {"Authorization": f"Bearer {token}"}
