"""Articles: the publisher registers them, everybody reads the state of their conversation."""

from __future__ import annotations

from typing import Any

from service.api import article_schemas, presenters, schemas
from service.api.app_state import api
from service.api.auth import allow, caller, limited
from service.api.blueprint import Blueprint
from service.api.caching import public_page
from service.queries.articles import comment_counts, get_article
from service.usecases.identify_caller import CallerKind
from service.usecases.register_article import (
    ArticleFields,
    register_article,
    register_visited_article,
)

blp = Blueprint("articles", __name__, description="Articles and comment counts")


@blp.route("/articles/<article_key:key>", methods=["PUT"])
@allow(CallerKind.PUBLISHER)
@blp.arguments(article_schemas.ArticleIn)
@blp.response(200, article_schemas.ArticleOut)
@blp.alt_response(201, schema=article_schemas.ArticleOut, description="Registered", success=True)
def put_article(fields: dict[str, Any], key: str) -> Any:
    """Register or update an article

    What is left out stays as it was. The text is split, embedded and indexed by a worker;
    without a text the page at `url` is fetched, from the site's own domains only.
    """
    ctx = api().ctx
    article, created = register_article(
        ctx, site_id=caller().site.id, key=key, fields=ArticleFields(**fields)
    )
    return _shown(article), 201 if created else 200


@blp.route("/articles/<article_key:key>", methods=["GET"])
@public_page
@allow(CallerKind.NOBODY)
@blp.arguments(schemas.SiteQuery, location="query")
@blp.response(200, article_schemas.ArticleOut)
def show_article(query: dict[str, Any], key: str) -> Any:
    """The state of an article's conversation"""
    ctx = api().ctx
    with ctx.reading() as session:
        article = get_article(session, site_id=caller().site.id, key=key)
    return _shown(article)


@blp.route("/articles", methods=["POST"])
@allow(CallerKind.NOBODY)
@limited("write")
@blp.arguments(article_schemas.VisitIn)
@blp.response(200, article_schemas.ArticleOut)
def visit_article(fields: dict[str, Any]) -> Any:
    """Register the page a reader is on, where only the script tag is used

    Once per address, and only on the site's own domains; a worker fetches the text.
    """
    ctx = api().ctx
    article = register_visited_article(ctx, site_id=caller().site.id, url=fields["url"])
    return _shown(article)


@blp.route("/counts", methods=["GET"])
@public_page
@allow(CallerKind.NOBODY)
@blp.arguments(article_schemas.CountsQuery, location="query")
@blp.response(200, article_schemas.CountsOut)
def count_comments(query: dict[str, Any]) -> Any:
    """Published comments of up to 100 articles, by address"""
    with api().ctx.reading() as session:
        counts = comment_counts(session, site_id=caller().site.id, urls=query["url"])
    return {"counts": counts}


def _shown(article: Any) -> dict[str, Any]:
    ctx = api().ctx
    line = ctx.policy(article.site_id).drift.line
    return presenters.article(article, is_open=article.is_open(ctx.clock()), drift_line=line)
