"""Register or update an article, by the publisher or by the first visit to its page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.domain.article import ArticleMode
from service.domain.errors import Forbidden, Invalid
from service.models import Article, Event, FetchState, Site, new_id
from service.usecases.context import Context, Transaction

VISITED_KEY_CHARS = 24
VISITED_KEY_PREFIX = "url-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFields:
    """What a publisher says of an article. A field that is None is left as it was."""

    url: str | None = None
    title: str | None = None
    body: str | None = None
    section: str | None = None
    tags: Sequence[str] | None = None
    published_at: datetime | None = None
    mode: ArticleMode | None = None
    closes_at: datetime | None = None


def register_article(
    ctx: Context, *, site_id: UUID, key: str, fields: ArticleFields
) -> tuple[Article, bool]:
    """Make or update the article with the publisher's key; says whether it is new.

    With a text it is indexed by a worker; with an address alone a worker fetches the text.
    Raises Invalid where the address is not on one of the site's domains.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        site = tx.session.get_one(Site, site_id)
        if fields.url is not None:
            _check_domain(site, fields.url)
        article, created = _find_or_make(tx.session, site_id, key, fields.url)
        _assign(article, fields)
        article.updated_at = now
        kind = "article.registered" if created else "article.updated"
        tx.session.add(_event(article, kind, actor="publisher", now=now))
        _send_for_text(ctx, tx, article)
    return article, created


def register_visited_article(ctx: Context, *, site_id: UUID, url: str) -> Article:
    """Register the page a reader is on, once; its text is fetched by a worker.

    Raises Invalid for an address outside the site's domains.
    """
    address = canonical_url(url)
    now = ctx.clock()
    with ctx.transaction() as tx:
        site = tx.session.get_one(Site, site_id)
        if not site.domains:
            raise Forbidden("This site takes no articles by visit.", code="visits_not_allowed")
        _check_domain(site, address)
        known = tx.session.scalars(
            select(Article).where(Article.site_id == site_id, Article.url == address).limit(1)
        ).first()
        if known is not None:
            return known
        digest = hashlib.sha256(address.encode()).hexdigest()[:VISITED_KEY_CHARS]
        article, created = _find_or_make(tx.session, site_id, VISITED_KEY_PREFIX + digest, address)
        if created:
            tx.session.add(_event(article, "article.visited", actor="reader", now=now))
            _send_for_text(ctx, tx, article)
    return article


def canonical_url(url: str) -> str:
    """The address without fragment and with a lower-case host, as articles are told apart by."""
    parts = urlsplit(url)
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, "")
    )


def _check_domain(site: Site, url: str) -> None:
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    if not site.domains:
        return
    if not any(host == domain or host.endswith("." + domain) for domain in site.domains):
        raise Invalid({"url": ["Is not on one of the site's own domains."]})


def _find_or_make(
    session: Session, site_id: UUID, key: str, url: str | None
) -> tuple[Article, bool]:
    made = session.execute(
        insert(Article)
        .values(id=new_id(), site_id=site_id, key=key, url=url)
        .on_conflict_do_nothing()
        .returning(Article.id)
    ).scalar_one_or_none()
    article = session.execute(
        select(Article).where(Article.site_id == site_id, Article.key == key).with_for_update()
    ).scalar_one()
    return article, made is not None


def _assign(article: Article, fields: ArticleFields) -> None:
    for name in ("url", "section", "published_at", "closes_at"):
        value = getattr(fields, name)
        if value is not None:
            setattr(article, name, value)
    if fields.tags is not None:
        article.tags = list(fields.tags)
    if fields.mode is not None:
        article.mode = fields.mode.value
    if fields.title is not None or fields.body is not None:
        title = fields.title if fields.title is not None else article.title
        body = fields.body if fields.body is not None else article.body
        article.set_text(title, body)


def _send_for_text(ctx: Context, tx: Transaction, article: Article) -> None:
    """Fetch where only an address is known, index where there is a new text."""
    if article.body is None and article.url is not None:
        article.fetch_state, article.fetch_attempts = FetchState.WANTED.value, 0
        tx.after_commit.append(lambda: ctx.queue.send("fetch_article", str(article.id)))
    elif not article.is_indexed and article.text_hash is not None:
        article.fetch_state = FetchState.GIVEN.value
        tx.after_commit.append(lambda: ctx.queue.send("index_article", str(article.id)))


def _event(article: Article, kind: str, *, actor: str, now: datetime) -> Event:
    return Event(
        site_id=article.site_id, kind=kind, article_id=article.id, actor=actor, created_at=now
    )
