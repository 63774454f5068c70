"""A thread that left its article, and suggestions for the selection, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.console.conftest import OpenConsole
from tests.console.newsroom import Newsroom
from tests.console.test_moderating import opened, queue

ON_TOPIC = (
    "The full closure of the bridge is the right choice: one lane for seven months would have "
    "cost two million more, and it would have hurt the shops on Quay Street even longer."
)
STRAYS = (
    "The best recipe for apple tart needs butter, sour apples and a very hot oven. Never use "
    "margarine, and let the dough rest for an hour before you roll it.",
    "My daughter's new puppy has eaten three pairs of shoes and half a cushion this week. The vet "
    "says that it will stop once it has its second teeth.",
    "Our holiday in the mountains was lovely: snow every night, sun every day, and the children "
    "learned to ski in less than a week.",
    "Did anybody watch the match on Sunday? The goalkeeper saved two penalties and the referee "
    "still gave the other team a third one in injury time.",
    "A good violin needs a dry room, a soft cloth and new strings twice a year, and whoever plays "
    "it should rub the bow with rosin every other day.",
)


@pytest.fixture
def adrift(desk: Newsroom) -> str:
    """An article with one thread that has left it; gives its key."""
    article = desk.article()
    top = desk.comment(article, "Tess", ON_TOPIC)
    for number, body in enumerate(STRAYS):
        desk.comment(article, f"Stray{number}", body, parent=top)
    return article


def test_a_moderator_sees_where_the_thread_left_and_answers_for_all_of_it(
    console: OpenConsole, desk: Newsroom, adrift: str
) -> None:
    page = console(desk.moderator("Doireann"), queue(adrift))
    opened(page, "Tess")
    left = page.locator(
        "section.block", has=page.get_by_role("heading", name="The thread left its article")
    )
    expect(left).to_contain_text("It is away now.")
    expect(left.get_by_role("listitem").first).to_contain_text("apple tart")
    expect(left.locator("svg.chart")).to_be_visible()
    expect(left.locator("svg.chart .drift-left")).to_have_count(1)
    page.keyboard.press("a")
    expect(page.locator("parley-toast")).to_contain_text("Approved")

    page.goto(page.url.split("#")[0] + "#/stats")
    figures = page.locator(
        "section.block", has=page.get_by_role("heading", name="Drift per article")
    )
    expect(figures).to_contain_text("1 thread")
    figures.locator("summary").first.click()
    figures.get_by_role("button", name="Show its threads").first.click()
    expect(figures.locator("svg.chart .drift-line").first).to_be_visible()


def test_a_suggestion_is_featured_by_one_key_and_undone_by_another(
    console: OpenConsole, desk: Newsroom
) -> None:
    article = desk.article()
    comment = desk.comment(article, "Fiadh", ON_TOPIC)
    page = console(desk.moderator("Saoirse"), "#/featured")
    page.get_by_label("Article’s key").fill(article)
    page.keyboard.press("Enter")
    card = page.locator("article.card")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Fiadh")
    expect(card).to_contain_text("Close to the article")
    page.keyboard.press("Escape")
    card.focus()
    page.keyboard.press("f")
    expect(page.locator("parley-toast")).to_contain_text("Featured")
    expect(card).to_have_count(0)
    assert desk.decided("Fiadh", comment)["featured"]
    page.keyboard.press("u")
    expect(card).to_have_count(1)
    assert not desk.decided("Fiadh", comment)["featured"]
