"""Hostile texts everywhere a reader can write: shown as they are, and inert."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.console.conftest import OpenConsole
from tests.console.newsroom import Newsroom

INSULT = "You are a worthless idiot and everyone hates you."
CORPUS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg/onload=window.hit=1>",
    '"><iframe srcdoc="<script>top.hit=1</script>">',
    "<a href='javascript:window.hit=1'>press</a>",
    "[press](javascript:window.hit=1)",
    "<details open ontoggle=window.hit=1>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.hit=1>",
    "{{constructor.constructor('window.hit=1')()}} ${window.hit=1}",
    "\u202e<b>turned</b>\u202c \u0000"[:-1],
)
NAME = '<img src=x onerror="window.hit=1">'


def test_hostile_texts_are_shown_and_do_nothing(console: OpenConsole, desk: Newsroom) -> None:
    article = desk.article(title="<script>window.hit=1</script> Bridge closed")
    comment = desk.post(article, NAME, f"{INSULT} {' '.join(CORPUS)}")
    assert desk.decided(NAME, comment)["status"] in ("held", "rejected")
    page = console(desk.moderator("<b>Xan</b>"), f"#/queue?article={article}&state=all")
    page.locator("[data-item] a").first.click()
    expect(page.get_by_role("heading", name=re.compile("^Comment by <img"))).to_be_visible()
    page.keyboard.press("v")
    body = page.locator("blockquote.comment")
    expect(body).to_contain_text("<script>window.hit=1</script>")
    expect(page.locator(".article-title")).to_contain_text("<script>")
    assert page.locator("main").locator("img, script, iframe, form[action]").count() == 0
    assert page.locator("a[href^='javascript:']").count() == 0

    page.locator("parley-item h2 a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    page.goto(page.url.split("#")[0] + "#/log")
    expect(page.get_by_role("heading", name="Log")).to_be_visible()
    assert page.evaluate("window.hit") is None


def test_a_marked_text_is_the_whole_text_and_marks_count_as_javascript_does(
    console: OpenConsole, desk: Newsroom
) -> None:
    article = desk.article()
    text = (
        "😀😀 I like the ferry. You are all pathetic idiots and morons. 👍🏽 See you on the pier."
    )
    comment = desk.post(article, "Zoë", text)
    assert desk.decided("Zoë", comment)["status"] == "held"
    page = console(desk.moderator("Yseult"), f"#/queue?article={article}")
    expect(page.get_by_role("heading", name="Comment by Zoë")).to_be_visible()
    page.keyboard.press("v")
    assert page.locator("blockquote.comment").text_content() == text
    marked = "".join(page.locator("blockquote.comment .mark-sentence").all_text_contents())
    assert marked == "You are all pathetic idiots and morons."
