"""What happens elsewhere comes to a page that is open: by the stream, or by asking without one."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from tests.widget.conftest import Visit
from tests.widget.courier import Courier
from tests.widget.test_visit import ANSWER, FERRY, REPLIES, card, widget

# Far less than the widget waits before it asks by itself.
SOON_MS = 15_000
# Readers ask again at moments spread by chance; here at the first of them.
NO_CHANCE = "Math.random = () => 0"


def pill(page: Page, n: int) -> None:
    """Wait for the announcement of so many comments, and ask for them."""
    words = f"Show {n} new comment" + ("s" if n > 1 else "")
    button = widget(page).get_by_role("button", name=words, exact=True)
    expect(button).to_be_visible(timeout=SOON_MS)
    button.click()


def test_what_others_write_is_announced_by_the_stream_and_shown_when_asked_for(
    visit: Visit, paper: Courier
) -> None:
    article = paper.article()
    root = paper.comment(article, "Colm Daly", FERRY)
    page = visit(article)
    expect(card(page, FERRY)).to_be_visible()
    paper.comment(article, "Aoife Ward", REPLIES[2])
    expect(widget(page).get_by_role("heading", name="2 comments")).to_be_visible(timeout=SOON_MS)
    assert card(page, REPLIES[2]).count() == 0
    pill(page, 1)
    expect(card(page, REPLIES[2])).to_be_focused()
    paper.comment(article, "Nora Byrne", ANSWER, parent=root)
    pill(page, 1)
    expect(widget(page).locator(".replies article", has_text=ANSWER)).to_be_focused()
    expect(widget(page).locator(".pill")).to_have_count(0)


def test_what_is_changed_or_taken_back_elsewhere_changes_on_the_page(
    visit: Visit, paper: Courier
) -> None:
    article = paper.article()
    root = paper.comment(article, "Colm Daly", FERRY)
    reply = paper.comment(article, "Nora Byrne", ANSWER, parent=root)
    page = visit(article, script=NO_CHANCE)
    expect(card(page, ANSWER)).to_be_visible()
    edited = paper.call("PATCH", f"comments/{root}", "Colm Daly", {"body": FERRY + " Or eleven?"})
    assert edited.status == 202, edited
    assert paper.call("DELETE", f"comments/{reply}", "Nora Byrne").status == 200
    gone = widget(page).locator(".replies").get_by_text("This comment is not available.")
    expect(gone).to_be_visible(timeout=SOON_MS)
    expect(widget(page).get_by_role("heading", name="1 comment", exact=True)).to_be_visible()
    expect(card(page, "Or eleven?")).to_be_visible(timeout=SOON_MS)
    expect(widget(page).locator(".pill")).to_have_count(0)


def test_a_stream_that_breaks_is_taken_up_again(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)
    broken: list[str] = []

    def first(route: Route) -> None:
        broken.append(route.request.url)
        route.abort()

    page = visit(article, routes={"**/stream?*": (first, 1)})
    expect(card(page, FERRY)).to_be_visible()
    page.wait_for_event("request", lambda request: "/stream?" in request.url and bool(broken))
    paper.comment(article, "Nora Byrne", ANSWER)
    pill(page, 1)
    expect(card(page, ANSWER)).to_be_visible()


def test_without_a_stream_the_page_asks_by_itself(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)

    def silent(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps({**answer.json(), "live_url": None}))

    page = visit(article, routes={"**/api/v1/site?*": (silent, None)})
    expect(card(page, FERRY)).to_be_visible()
    paper.comment(article, "Nora Byrne", ANSWER)
    # Coming back to the page is a moment to ask, too.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    pill(page, 1)
    expect(card(page, ANSWER)).to_be_visible()
