"""The demo site: a small paper of our own, with articles to try comments on."""

from __future__ import annotations

import hashlib
import hmac

from service.demo.articles import ARTICLES, DemoArticle
from service.domain.errors import NotFound
from service.models import Article, Site
from service.queries.articles import get_article
from service.usecases.context import Context
from service.usecases.create_site import create_site
from service.usecases.register_article import ArticleFields, register_article

DEMO_SITE = "demo"
DEMO_NAME = "The Carrick Courier"
DEMO_ARTICLE = ARTICLES[0].key
DEMO_TITLE = ARTICLES[0].title
DEMO_BODY = ARTICLES[0].body
DEMO_TEXTS = {article.key: article.body for article in ARTICLES}


def demo_secret(secret_key: str) -> str:
    """The demo site's sign-in secret: made from the installation's own."""
    return hmac.new(secret_key.encode(), b"parley demo sign-in", hashlib.sha256).hexdigest()


def is_demo(site: Site, secret_key: str) -> bool:
    """Whether it is the demo's own, and not one that somebody set up under the demo's key."""
    return demo_secret(secret_key) in site.sso_secrets


def seed_demo(ctx: Context, *, secret_key: str, public_url: str) -> Site | None:
    """Make the demo site and its articles; a second time changes nothing.

    None, and nothing is done, where somebody set up a site of their own under the demo's key.
    `public_url` is where readers find this installation: the articles' pages are there.
    """
    site = create_site(
        ctx,
        key=DEMO_SITE,
        name=DEMO_NAME,
        guests_allowed=True,
        sso_secret=demo_secret(secret_key),
    )
    if not is_demo(site, secret_key):
        return None
    for article in ARTICLES:
        url = f"{public_url.rstrip('/')}{article.path}"
        if not _is_registered(ctx, site, article, url):
            _register(ctx, site, article, url)
    return site


def _is_registered(ctx: Context, site: Site, wanted: DemoArticle, url: str) -> bool:
    with ctx.reading() as session:
        try:
            known: Article = get_article(session, site_id=site.id, key=wanted.key)
        except NotFound:
            return False
    given = Article()
    given.set_text(wanted.title, wanted.body)
    return (known.url, known.text_hash) == (url, given.text_hash)


def _register(ctx: Context, site: Site, article: DemoArticle, url: str) -> None:
    fields = ArticleFields(
        url=url,
        title=article.title,
        body=article.body,
        section=article.section,
        tags=list(article.tags),
    )
    register_article(ctx, site_id=site.id, key=article.key, fields=fields)
