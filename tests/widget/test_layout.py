"""Narrow, enlarged, dark, mirrored: nothing is cut off. The screenshots of the documentation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import DESK, PHONE, Visit
from tests.widget.courier import Courier
from tests.widget.test_visit import ANSWER, FERRY, card, more, sign_in, widget

SHOTS = Path(__file__).resolve().parent.parent.parent / "docs" / "screenshots"
# Set to take the documentation's pictures anew.
KEEP = os.environ.get("KEEP_SCREENSHOTS") == "1"
# A name as long as a name may be, with no place to break it.
LONG = ("Donaudampfschifffahrtsgesellschaftskapitän" * 2)[:80]
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
DIALOG_WIDER = """() => {
    const dialog = document.querySelector("parley-comments").shadowRoot.querySelector("dialog");
    const { right } = dialog.getBoundingClientRect();
    return dialog.scrollWidth > dialog.clientWidth || right > innerWidth;
}"""
LANGUAGES = {
    "en": "Leave a comment",
    "ga": "Fág nóta tráchta",
    "de": "Kommentar schreiben",
    "fr": "Laisser un commentaire",
    "es": "Deje un comentario",
}


@pytest.fixture(scope="module")
def article(paper: Courier) -> str:
    """A conversation with a reply, by people with short names and long ones."""
    key = paper.article()
    first = paper.comment(key, "Colm Daly", FERRY)
    paper.comment(key, "Aoife Ward", ANSWER, parent=first)
    paper.comment(key, LONG, "The school buses go round by Mill Road since August already.")
    return key


def shoot(page: Page, name: str) -> None:
    if KEEP:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"widget-{name}.png")


def to_widget(page: Page) -> None:
    page.evaluate("document.querySelector('parley-comments').scrollIntoView()")


def test_nothing_scrolls_sideways_on_320_pixels(visit: Visit, paper: Courier, article: str) -> None:
    page = visit(article, viewport=PHONE)
    sign_in(page, paper, "Nora Byrne")
    expect(widget(page).locator(".name", has_text=LONG)).to_be_visible()
    more(card(page, FERRY), "Report")
    dialog = widget(page).get_by_role("dialog")
    expect(dialog.get_by_role("button", name="It breaks a guideline")).to_be_visible()
    assert not page.evaluate(DIALOG_WIDER)
    shoot(page, "phone-report")
    dialog.get_by_role("button", name="I believe this is illegal").click()
    dialog.get_by_label("What is it about?").select_option("defamation")
    assert not page.evaluate(DIALOG_WIDER)
    page.keyboard.press("Escape")
    widget(page).get_by_role("button", name="Leave a comment").click()
    assert not page.evaluate(WIDER)
    to_widget(page)
    shoot(page, "phone")


def test_text_of_twice_the_size_fits(visit: Visit, article: str) -> None:
    page = visit(article, viewport={"width": 640, "height": 800})
    expect(card(page, FERRY)).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    more(card(page, FERRY), "Report")
    expect(widget(page).get_by_role("dialog")).to_be_visible()
    assert not page.evaluate(DIALOG_WIDER)
    assert not page.evaluate(WIDER)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_page(
    visit: Visit, paper: Courier, article: str, scheme: Literal["light", "dark"]
) -> None:
    page = visit(article, color_scheme=scheme, viewport=DESK)
    sign_in(page, paper, "Nora Byrne")
    colour = widget(page).evaluate("(node) => getComputedStyle(node).color")
    assert (colour == "rgb(28, 28, 30)") == (scheme == "light")
    card(page, FERRY).get_by_role("button", name="Reply").click()
    expect(widget(page).get_by_label("Your reply to")).to_be_focused()
    to_widget(page)
    shoot(page, scheme)


def test_a_page_may_set_the_colours_and_reach_the_parts(visit: Visit, article: str) -> None:
    page = visit(article, reduced_motion="reduce")
    expect(card(page, FERRY)).to_be_visible()
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`parley-comments { --parley-accent: rgb(1, 2, 3); }
                parley-comments::part(title) { letter-spacing: 7px; }`);
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    write = widget(page).get_by_role("button", name="Leave a comment")
    expect(write).to_have_css("background-color", "rgb(1, 2, 3)")
    title = widget(page).get_by_role("heading", level=2)
    assert title.evaluate("(n) => getComputedStyle(n).letterSpacing") == "7px"


def test_from_right_to_left_everything_is_mirrored(visit: Visit, article: str) -> None:
    page = visit(article, viewport=PHONE)
    expect(card(page, FERRY)).to_be_visible()
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert not page.evaluate(WIDER)
    title = widget(page).get_by_role("heading", level=2)
    assert title.evaluate("(n) => getComputedStyle(n).direction") == "rtl"
    reply = widget(page).locator(".replies").first
    assert reply.evaluate("(n) => getComputedStyle(n).borderRightWidth") == "2px"
    assert card(page, FERRY).locator(".body").evaluate("(n) => n.matches(':dir(ltr)')")
    to_widget(page)
    shoot(page, "right-to-left")


def test_who_wants_no_motion_gets_none(visit: Visit, article: str) -> None:
    page = visit(article, reduced_motion="reduce")
    button = widget(page).get_by_role("button", name="Leave a comment")
    assert button.evaluate("(n) => getComputedStyle(n).transitionDuration") == "0s"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_loads_its_own_words_only(visit: Visit, article: str, language: str) -> None:
    page = visit(article, lang=language)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(widget(page).get_by_role("button", name=LANGUAGES[language])).to_be_visible()
    files = {url.rsplit("/", 1)[1] for url in asked if "/messages/" in url}
    assert files == {f"{language}.json"}
    if language == "de":
        to_widget(page)
        shoot(page, "german")
