"""What a reader sees when the network is away or slow."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.widget.conftest import Visit, unanswered
from tests.widget.courier import Courier
from tests.widget.test_visit import FERRY, card, sign_in, widget

UNREACHABLE = "The comments cannot be reached."


def test_offline_a_text_is_kept_and_sent_once_when_the_network_is_back(
    visit: Visit, paper: Courier
) -> None:
    article = paper.article()
    page = visit(article)
    sign_in(page, paper, "Nora Byrne")
    widget(page).get_by_role("button", name="Leave a comment").click()
    text = widget(page).get_by_label("Your comment")
    text.fill(FERRY)
    page.context.set_offline(True)
    post = widget(page).get_by_role("button", name="Post comment")
    post.click()
    expect(widget(page).get_by_role("alert").filter(has_text=UNREACHABLE)).to_be_visible()
    expect(text).to_have_value(FERRY)
    page.context.set_offline(False)
    post.click()
    expect(card(page, FERRY)).to_have_count(1)


def test_an_answer_that_got_lost_does_not_post_twice(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    page = visit(article)
    sign_in(page, paper, "Nora Byrne")
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.headers["idempotency-key"])
            route.fetch()
            route.abort()
            return
        route.continue_()

    page.route(f"**/articles/{article}/comments*", lose_first)
    widget(page).get_by_role("button", name="Leave a comment").click()
    widget(page).get_by_label("Your comment").fill(FERRY)
    post = widget(page).get_by_role("button", name="Post comment")
    post.click()
    expect(widget(page).get_by_role("alert").filter(has_text=UNREACHABLE)).to_be_visible()
    post.click()
    expect(card(page, FERRY)).to_have_count(1)
    page.reload()
    expect(card(page, FERRY)).to_have_count(1)


def test_a_slow_server_is_said_to_be_slow(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    page = visit(article)
    sign_in(page, paper, "Nora Byrne")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/articles/{article}/comments*", hold)
    widget(page).get_by_role("button", name="Leave a comment").click()
    widget(page).get_by_label("Your comment").fill(FERRY)
    widget(page).get_by_role("button", name="Post comment").click()
    expect(widget(page).get_by_text("Sending…")).to_be_visible()
    expect(widget(page).get_by_text("This takes longer than usual.")).to_be_visible()
    with unanswered(page, "**/api/v1/comments/*"):
        held[0].continue_()
        expect(widget(page).get_by_text("Your comment is being checked.").first).to_be_visible()


def test_a_conversation_that_does_not_load_can_be_tried_again(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)
    page = visit(article)
    expect(card(page, FERRY)).to_be_visible()
    page.route("**/api/v1/**", lambda route: route.abort())
    page.reload()
    expect(widget(page).get_by_role("alert").filter(has_text=UNREACHABLE)).to_be_visible()
    page.unroute("**/api/v1/**")
    widget(page).get_by_role("button", name="Try again").click()
    expect(card(page, FERRY)).to_be_visible()
    expect(widget(page).get_by_role("button", name="Leave a comment")).to_be_visible()
