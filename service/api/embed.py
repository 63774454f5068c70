"""What publishers' pages load: the widget's loader, the counter, pages without script, the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from marshmallow import Schema, fields, validate

from service.api import presenters, schemas
from service.api.app_state import api
from service.api.auth import allow, allow_unidentified, caller, limited
from service.api.blueprint import JsonParser
from service.api.fields import Text
from service.api.page_words import page_words
from service.domain.errors import NotFound
from service.queries.articles import get_article
from service.queries.comments import get_comment, reply_page, thread_page
from service.usecases.identify_caller import CallerKind, find_site

LOADER_SECONDS = 300
PAGE_SECONDS = 60
PAGE_THREADS = 50
NAME_MAX = 80
LOADER = Path(__file__).resolve().parent.parent / "static" / "widget" / "loader.js"
# What a first visit needs, named at once so that nothing waits for what imports it.
MODULES = (
    "main",
    "conversation",
    "thread",
    "card",
    "dom",
    "api",
    "words",
    "session",
    "live",
)
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' {live}",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
REFERRER = "strict-origin-when-cross-origin"

arguments = JsonParser()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The demo's site, the texts of its articles by key (the first is shown first), the names to
    choose from with what each meets, and its sign-in: a token for a name, None where the site
    with these secrets is not the demo's own.
    """

    site: str
    texts: Mapping[str, str]
    choices: Mapping[str, str]
    sign_in: Callable[[Sequence[str], str], str | None]


class NameIn(Schema):
    """Who to be on the demo page."""

    name = Text(required=True, validate=validate.Length(1, NAME_MAX))


class CommentsPageQuery(schemas.PageQuery):
    """Where to begin, and below which comment."""

    thread = fields.UUID(load_default=None)


def embed_blueprint(url_of: Callable[[str], str], demo: Demo) -> Blueprint:
    """The routes; `url_of` gives the address of a static file at its present version."""
    blueprint = Blueprint("embed", __name__, template_folder="templates")
    modules = "".join(f'import("{url_of(f"widget/{name}.js")}");\n' for name in MODULES)
    _, _, first = LOADER.read_text("utf-8").partition("\n\n")  # without what it says of itself
    loader = first + modules
    counter = f'export * from "{url_of("widget/count.js")}";\n'

    @blueprint.route("/embed.js")
    @allow_unidentified
    def embed() -> Response:
        """The widget's loader: kept for minutes, it names files that are kept for ever."""
        return _module(loader)

    @blueprint.route("/count.js")
    @allow_unidentified
    def count() -> Response:
        """The loader of the comment counter."""
        return _module(counter)

    @blueprint.route("/articles/<article_key:key>/comments.html")
    @allow(CallerKind.NOBODY)
    def comments_page(key: str) -> Response:
        """The conversation as a plain page, for search engines and browsers without script."""
        query = arguments.parse(CommentsPageQuery(), request, location="query")
        page = make_response(render_template("comments.html", **_comments(key, query, url_of)))
        page.headers.update(_headers() | {"Cache-Control": f"public, max-age={PAGE_SECONDS}"})
        return _conditional(page)

    @blueprint.route("/demo")
    @blueprint.route("/demo/<article_key:key>")
    @allow_unidentified
    def demo_page(key: str = next(iter(demo.texts))) -> Response:
        """An article of the demo site with the widget in place."""
        with api().ctx.reading() as session:
            site = find_site(session, demo.site)
            shown = [get_article(session, site_id=site.id, key=one) for one in demo.texts]
        article = next((one for one in shown if one.key == key), None)
        if article is None:
            raise NotFound("The demo has no such article.", code="article_not_found")
        known = {"site": site, "article": article, "text": demo.texts[key], "url_of": url_of}
        known |= {"articles": shown, "choices": demo.choices}
        page = make_response(render_template("demo.html", **known))
        page.headers.update(_headers() | {"Cache-Control": "no-store"})
        return page

    @blueprint.route("/demo/token", methods=["POST"])
    @allow(CallerKind.NOBODY)
    @limited("write")
    def demo_token() -> Any:
        """A token of a demo reader, signed as the demo paper would."""
        name = arguments.parse(NameIn(), request, location="json")["name"]
        site = caller().site
        token = demo.sign_in(site.sso_secrets, name) if site.key == demo.site else None
        if token is None:
            raise NotFound("This site is not the demo.", code="no_demo")
        return {"token": token}

    return blueprint


def _headers() -> dict[str, str]:
    """What a page of ours may load: its own origin, and live updates, which may be on another."""
    live = urlsplit(api().live_url)
    policy = POLICY.replace(" {live}", f" {live.scheme}://{live.netloc}" if live.netloc else "")
    return {"Content-Security-Policy": policy, "Referrer-Policy": REFERRER}


def _module(body: str) -> Response:
    response = Response(body, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={LOADER_SECONDS}"
    # Module scripts of other origins are asked for with CORS.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _conditional(response)


def _conditional(response: Response) -> Response:
    """The answer, or 304 where the caller has it already."""
    response.add_etag()
    response.make_conditional(request)
    return response


def _comments(key: str, query: dict[str, Any], url_of: Callable[[str], str]) -> dict[str, Any]:
    """What the plain page shows: threads with their first replies, or all replies of one."""
    site = caller().site
    with api().ctx.reading() as session:
        article = get_article(session, site_id=site.id, key=key)
        shown = {"after": query["cursor"], "limit": PAGE_THREADS}
        if query["thread"] is not None:
            root = get_comment(session, query["thread"], site_id=site.id)
            if root.article_id != article.id:
                raise NotFound("There is no comment with this id.", code="comment_not_found")
            found: Any = reply_page(session, comment=root, **shown)
            threads = [_thread(root, found.items, complete=True)]
        else:
            found = thread_page(session, article_id=article.id, sort="oldest", **shown)
            threads = [_thread(item.root, item.replies) for item in found.items]
    return {
        "site": site,
        "article": article,
        "threads": threads,
        "thread": query["thread"],
        "next_cursor": presenters.next_cursor(found),
        "words": page_words(site.locale),
        "style": url_of("demo/page.css"),
    }


def _thread(root: Any, replies: Sequence[Any], *, complete: bool = False) -> dict[str, Any]:
    public = list(_public(root, *replies))
    names: dict[UUID, str] = {c["id"]: c["author"].username for c in public if c["author"]}
    missing = 0 if complete else root.visible_replies - len(replies)
    return {"root": public[0], "replies": public[1:], "missing": missing, "names": names}


def _public(*comments: Any) -> Iterator[dict[str, Any]]:
    for comment in comments:
        yield presenters.public_comment(comment, ())
