"""Hostile texts do nothing: neither through the server's sanitiser nor past it."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.widget.conftest import Visit
from tests.widget.courier import Courier
from tests.widget.test_visit import widget

CORPUS = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()><circle r=9></svg>",
    "<svg><script>hit()</script></svg>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<a href='javascript:hit()'>press</a>",
    "<a href='jAvA\tscript:hit()'>press</a>",
    "<a href='data:text/html,<script>hit()</script>'>press</a>",
    "<p onclick=hit() style='position:fixed;inset:0' id=parley class=pill>press</p>",
    "<math><mi><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=hit()&gt;'>",
    "<template><img src=x onerror=hit()></template>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "<form action=javascript:hit()><button>press</button></form>",
    "<details open ontoggle=hit()>press</details>",
    "<style>@import 'http://evil.example/x.css'; * { display: none }</style>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<video><source onerror=hit()></video>",
    "<object data=javascript:hit()></object>",
    "<base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:hit()'>",
    "<p is=parley-comments>x</p><parley-comments></parley-comments>",
)
ALLOWED = {"P", "BR", "EM", "STRONG", "BLOCKQUOTE", "UL", "OL", "LI", "CODE", "PRE", "A"}
LOOK = """(page) => [
    ...page.querySelector("parley-comments").shadowRoot.querySelectorAll(".body *")
].map((node) => [node.tagName, node.getAttributeNames()])"""


def hostile_page(text: str) -> dict[str, Any]:
    """A page of threads as no server of ours would send it."""
    thread: dict[str, Any] = {
        "id": "00000000-0000-7000-8000-000000000001",
        "parent_id": None,
        "status": "published",
        "author": {"id": "x", "username": text, "avatar": "javascript:hit()", "badges": [text]},
        "html": text,
        "created_at": "2026-11-20T10:00:00+00:00",
        "edited_at": None,
        "demoted": False,
        "label": text,
        "featured": True,
        "locked": False,
        "reactions": {"respect": 1, text: 2},
        "reply_count": 0,
        "replies": [],
    }
    return {"comment_count": 1, "threads": [thread], "next_cursor": None}


def answer(route: Route, *, body: str) -> None:
    route.fulfill(body=body, content_type="application/json")


def was_hit(page: Page) -> bool:
    return bool(page.evaluate("window.wasHit === true"))


@pytest.fixture(scope="module")
def article(paper: Courier) -> str:
    return paper.article()


def test_what_a_server_should_never_send_is_still_inert(visit: Visit, article: str) -> None:
    page = visit(article, quiet=False)
    page.add_init_script("window.hit = () => { window.wasHit = true; }")
    for text in CORPUS:
        page.route("**/comments?*", partial(answer, body=json.dumps(hostile_page(text))))
        page.reload()
        expect(widget(page).locator(".threads article")).to_be_visible()
        for press in widget(page).locator(".body").get_by_text("press").all():
            press.click(no_wait_after=True)
        for tag, attributes in page.evaluate_handle("document").evaluate(LOOK):
            assert tag in ALLOWED, text
            assert set(attributes) <= {"href", "rel", "target", "start"}, text
        assert not was_hit(page), text
        assert page.url.endswith("/demo")


@pytest.mark.parametrize("strict", [True, False])
def test_without_the_browsers_own_sanitiser_they_are_inert_too(
    visit: Visit, article: str, strict: bool
) -> None:
    page = visit(article, bypass_csp=not strict, quiet=False)
    page.add_init_script(
        "delete Element.prototype.setHTML; window.hit = () => { window.wasHit = true; }"
    )
    everything = "".join(CORPUS)
    page.route("**/comments?*", lambda route: route.fulfill(json=hostile_page(everything)))
    page.reload()
    expect(widget(page).locator(".threads article")).to_be_visible()
    for tag, _ in page.evaluate_handle("document").evaluate(LOOK):
        assert tag in ALLOWED
    assert not was_hit(page)


def test_hostile_texts_of_readers_are_shown_as_typed(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    typed = "The ferry is fine, <b onmouseover=hit()>really</b> <script>hit()</script> it is."
    paper.comment(article, "<img src=x onerror=hit()>", typed)
    page = visit(article)
    shown = widget(page).locator(".threads article")
    expect(shown.locator(".body")).to_contain_text("<script>hit()</script>")
    expect(shown.locator(".name")).to_have_text("<img src=x onerror=hit()>")


def test_links_of_readers_are_told_apart_from_ours(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", "The plans of the bridge: https://council.example/plans")
    page = visit(article)
    link = widget(page).locator(".body a")
    if link.count():
        expect(link).to_have_attribute("rel", "nofollow ugc noopener")
