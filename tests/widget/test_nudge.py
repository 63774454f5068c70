"""Before a comment is public its author is asked once to think again; and readers see the drift."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.widget.conftest import DESK, PHONE, Visit
from tests.widget.courier import Courier
from tests.widget.test_keyboard import axe_finds_nothing, tab_to
from tests.widget.test_layout import WIDER, shoot, to_widget
from tests.widget.test_visit import FERRY, card, sign_in, widget, write

# Between asking (0.5) and holding what a newcomer writes (here 0.7), by the model that ships.
SHARP = "This plan is silly and the council are old fools."
SHARP_TEXT = f"{SHARP} The ferry leaves at ten."
MILD = "The ferry leaves at ten, and the plan does not say how people get home after that."
ASKS = (
    "reason: This may read as an attack.}\n    mode: shadow",
    "reason: This may read as an attack.}\n    mode: enforce",
)
# A wide band, so that another model still asks about the same text.
HOLDS_LATER = (
    "when: scores.toxicity >= 0.60 && author.approved_count",
    "when: scores.toxicity >= 0.70 && author.approved_count",
)
DRIFT_LINE = ("line: false", "line: true")
MOVED_AWAY = "This conversation has moved away from the article."


def asked(page: Page, paper: Courier, name: str = "Aoife Ward") -> Locator:
    """Write something sharp, and wait for the question about it."""
    sign_in(page, paper, name)
    write(page, SHARP_TEXT)
    question = widget(page).get_by_role("group", name="Before you post")
    expect(question).to_be_visible()
    return question


def test_an_author_is_asked_once_and_posts_it_as_it_is_by_keyboard(
    visit: Visit, paper: Courier
) -> None:
    page = visit(paper.article(ASKS, HOLDS_LATER))
    question = asked(page, paper)
    expect(question.get_by_role("heading")).to_be_focused()
    expect(question.locator("mark")).to_contain_text("fools")
    expect(question.get_by_text("Would you like to read your comment once more")).to_be_visible()
    tab_to(page, "Post as it is")
    page.keyboard.press("Enter")
    expect(card(page, SHARP)).to_be_visible()
    expect(question).to_have_count(0)


def test_an_author_who_was_asked_changes_the_text(visit: Visit, paper: Courier) -> None:
    page = visit(paper.article(ASKS, HOLDS_LATER))
    question = asked(page, paper)
    question.get_by_role("button", name="Change it").click()
    text = question.get_by_label("Change your comment")
    expect(text).to_have_value(SHARP_TEXT)
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Cancel").click()
    expect(question.get_by_role("button", name="Change it")).to_be_focused()
    page.keyboard.press("Enter")
    text.fill(MILD)
    question.get_by_role("button", name="Save changes").click()
    expect(card(page, MILD)).to_be_visible()
    expect(card(page, SHARP)).to_have_count(0)


def test_an_author_who_was_asked_takes_it_back_after_coming_again(
    visit: Visit, paper: Courier
) -> None:
    page = visit(paper.article(ASKS, HOLDS_LATER), viewport=PHONE)
    asked(page, paper)
    page.reload()
    sign_in(page, paper, "Aoife Ward")
    question = widget(page).get_by_role("group", name="Before you post")
    expect(question).to_be_visible()
    assert not page.evaluate(WIDER)
    question.get_by_role("button", name="Take it back").click()
    expect(question).to_have_count(0)
    expect(widget(page).get_by_role("button", name="Leave a comment")).to_be_focused()
    expect(card(page, SHARP)).to_have_count(0)


def test_a_talk_that_moved_away_says_so_at_the_article_and_at_the_thread(
    visit: Visit, paper: Courier
) -> None:
    article = paper.article(ASKS, HOLDS_LATER, DRIFT_LINE)
    root = paper.comment(article, "Colm Daly", FERRY)
    schemes: dict[Literal["light", "dark"], str] = {"light": "Aoife Ward", "dark": "Nora Byrne"}
    for scheme, name in schemes.items():
        paper.adrift(root)
        page = visit(article, color_scheme=scheme, viewport=DESK, bypass_csp=True)
        lines = widget(page).get_by_role("status").filter(has_text=MOVED_AWAY)
        expect(lines).to_have_count(2)
        asked(page, paper, name)
        axe_finds_nothing(page)
        to_widget(page)
        if scheme == "light":
            shoot(page, "nudge")
