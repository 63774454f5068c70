"""Everything by keyboard, and what axe finds wrong for those who cannot see or point: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.widget.conftest import Visit
from tests.widget.courier import Courier
from tests.widget.test_visit import FERRY, SPAM, card, more, sign_in, widget, write

TABS_MOST = 60
FOCUSED = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return (at?.getAttribute("aria-label") || at?.labels?.[0]?.textContent || at?.textContent || "")
        .trim();
}"""
SETTLED = """() => Promise.all(document.querySelector("parley-comments").shadowRoot
    .getAnimations().map((one) => one.finished.catch(() => {})))"""
# WCAG 2.2, A and AA, and what axe's makers hold to be good practice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def article(paper: Courier) -> str:
    key = paper.article()
    paper.comment(key, "Colm Daly", FERRY)
    return key


def tab_to(page: Page, label: str) -> None:
    """Press Tab until something of this name has the focus."""
    for _ in range(TABS_MOST):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(label):
            return
    pytest.fail(f"no way to {label!r} by keyboard")


def test_a_comment_is_written_by_keyboard_alone(visit: Visit, article: str) -> None:
    page = visit(article)
    expect(card(page, FERRY)).to_be_visible()
    tab_to(page, "Leave a comment")
    page.keyboard.press("Enter")
    expect(widget(page).get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Bríd")
    page.keyboard.press("Tab")
    page.keyboard.type("The free ferry should run until midnight at weekends.")
    tab_to(page, "Post comment")
    page.keyboard.press("Enter")
    expect(card(page, "until midnight at weekends")).to_be_focused()


def test_leaving_a_form_gives_the_focus_back(visit: Visit, paper: Courier, article: str) -> None:
    page = visit(article)
    sign_in(page, paper, "Nora Byrne")
    reply = card(page, FERRY).get_by_role("button", name="Reply")
    reply.focus()
    page.keyboard.press("Enter")
    expect(widget(page).get_by_label("Your reply to")).to_be_focused()
    page.keyboard.press("Escape")
    expect(reply).to_be_focused()


def test_a_report_is_sent_by_keyboard_alone(visit: Visit, paper: Courier, article: str) -> None:
    page = visit(article)
    sign_in(page, paper, "Nora Byrne")
    card(page, FERRY).get_by_role("button", name="More", exact=True).focus()
    page.keyboard.press("Enter")
    expect(card(page, FERRY).get_by_role("button", name="Report")).to_be_focused()
    page.keyboard.press("Enter")
    expect(widget(page).get_by_role("heading", name="Report this comment")).to_be_focused()
    tab_to(page, "It breaks a guideline")
    page.keyboard.press("Enter")
    expect(widget(page).get_by_label("It insults or bullies someone")).to_be_visible()
    tab_to(page, "It insults")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    tab_to(page, "Send report")
    page.keyboard.press("Enter")
    expect(widget(page).get_by_text("Your report went to our team for review.")).to_be_visible()
    page.keyboard.press("Escape")
    report = card(page, FERRY).get_by_role("button", name="Report")
    expect(report).to_be_focused()


def composing(page: Page, paper: Courier) -> None:
    widget(page).get_by_role("button", name="Leave a comment").click()
    widget(page).get_by_role("button", name="Post comment").click()


def actions(page: Page, paper: Courier) -> None:
    sign_in(page, paper, "Nora Byrne")
    card(page, FERRY).get_by_role("button", name="More", exact=True).click()


def reporting(page: Page, paper: Courier) -> None:
    more(card(page, FERRY), "Report")
    widget(page).get_by_role("button", name="It breaks a guideline").click()
    expect(widget(page).get_by_label("It insults or bullies someone")).to_be_visible()


def noticing(page: Page, paper: Courier) -> None:
    more(card(page, FERRY), "Report")
    widget(page).get_by_role("button", name="I believe this is illegal").click()
    widget(page).get_by_label("What is it about?").select_option("defamation")


def refused(page: Page, paper: Courier) -> None:
    sign_in(page, paper, "Aoife Ward")
    own = widget(page).locator(".own")
    if not own.get_by_role("button", name="Appeal").count():
        write(page, SPAM)
    own.get_by_text("The reasons in full").first.click()


def own_activity(page: Page, paper: Courier) -> None:
    sign_in(page, paper, "Colm Daly")
    widget(page).get_by_role("button", name="Your activity").click()
    dialog = widget(page).get_by_role("dialog")
    dialog.get_by_text("Comments", exact=True).click()
    expect(dialog.get_by_text(FERRY).first).to_be_visible()


def guidelines(page: Page, paper: Courier) -> None:
    widget(page).get_by_role("button", name="Community guidelines").click()
    expect(widget(page).get_by_text("1. Be civil")).to_be_visible()


STATES = [composing, actions, reporting, noticing, refused, own_activity, guidelines]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    visit: Visit,
    paper: Courier,
    article: str,
    state: Callable[[Page, Courier], None],
    scheme: Literal["light", "dark"],
) -> None:
    page = visit(article, color_scheme=scheme, bypass_csp=True)
    expect(card(page, FERRY)).to_be_visible()
    state(page, paper)
    axe_finds_nothing(page)


def axe_finds_nothing(page: Page) -> None:
    """Only ours: of the page around it, and of what lies below a dialog, others must take care."""
    # Colours on their way to others are judged as they are in between.
    page.evaluate(SETTLED)
    found = Axe().run(page, context="parley-comments", options=RULES)
    assert found.response["violations"] == [], found.generate_report()
