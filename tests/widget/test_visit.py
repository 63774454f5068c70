"""A reader's whole visit, in a real browser against the running stack."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from service.seed import DEMO_ARTICLE
from tests.widget.conftest import Visit, unanswered
from tests.widget.courier import Courier

FERRY = "The ferry is a fair idea, but how do people on the east side get home after ten?"
ANSWER = "They could take the last bus by Mill Road; it leaves the quay at half past ten."
REPLIES = (
    ANSWER,
    "My children take the school bus by Mill Road, and twenty minutes is a lot at seven.",
    "Eleven weeks in winter is better than seven months of one lane.",
    "I should like to see the plans in the library before I say anything.",
)
SPAM = "Buy cheap watches at http://best-deal.example and http://watch-shop.example today only"


def widget(page: Page) -> Locator:
    return page.locator("parley-comments")


def sign_in(page: Page, paper: Courier, name: str) -> None:
    """Sign a reader in as the publisher's page does."""
    expect(widget(page).get_by_role("button", name="Leave a comment")).to_be_visible()
    page.evaluate(
        "(token) => document.querySelector('parley-comments').setToken(token)", paper.token(name)
    )
    expect(widget(page).get_by_text("You are here as")).to_contain_text(name)


def write(page: Page, text: str) -> None:
    widget(page).get_by_role("button", name="Leave a comment").click()
    widget(page).get_by_label("Your comment").fill(text)
    widget(page).get_by_role("button", name="Post comment").click()


def card(page: Page, text: str) -> Locator:
    return widget(page).locator(".threads article", has_text=text)


def more(card: Locator, action: str) -> None:
    card.get_by_role("button", name="More", exact=True).click()
    card.get_by_role("button", name=action).click()


def test_a_guest_gives_a_name_posts_and_sees_the_comment_checked_and_published(
    visit: Visit, paper: Courier
) -> None:
    page = visit(paper.article())
    widget(page).get_by_role("button", name="Leave a comment").click()
    widget(page).get_by_label("Your name").fill("Gráinne")
    widget(page).get_by_label("Your comment").fill(FERRY)
    with unanswered(page, "**/api/v1/comments/*"):
        widget(page).get_by_role("button", name="Post comment").click()
        expect(widget(page).get_by_text("Your comment is being checked.").first).to_be_visible()
    expect(card(page, FERRY)).to_be_visible()
    expect(widget(page).get_by_role("heading", name="1 comment")).to_be_visible()
    page.reload()
    expect(widget(page).get_by_text("You are here as")).to_contain_text("Gráinne")
    expect(card(page, FERRY).get_by_text("You", exact=True)).to_be_visible()


def test_a_reader_replies_reacts_edits_and_withdraws(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)
    page = visit(article)
    sign_in(page, paper, "Nora Byrne")
    first = card(page, FERRY)
    first.get_by_role("button", name="Respect").click()
    expect(first.locator(".respect")).to_have_attribute("aria-pressed", "true")
    expect(first.locator(".respect")).to_contain_text("1")
    first.get_by_role("button", name="Reply").click()
    widget(page).get_by_label("Your reply to").fill(ANSWER)
    widget(page).get_by_role("button", name="Post reply").click()
    reply = widget(page).locator(".replies article", has_text=ANSWER)
    expect(reply).to_be_visible()

    more(reply, "Edit")
    widget(page).get_by_label("Change your comment").fill(ANSWER + " On Sundays at ten.")
    widget(page).get_by_role("button", name="Save changes").click()
    expect(reply.get_by_text("On Sundays at ten.")).to_be_visible()
    expect(reply.get_by_text("edited")).to_be_visible()

    more(reply, "Withdraw")
    widget(page).get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    gone = widget(page).locator(".replies").get_by_text("This comment is not available.")
    expect(gone).to_be_visible()


def test_the_demo_page_signs_its_readers_in_and_out(visit: Visit) -> None:
    page = visit(DEMO_ARTICLE)
    page.get_by_label("You are").select_option("Nora Byrne")
    expect(widget(page).get_by_text("You are here as")).to_contain_text("Nora Byrne")
    page.get_by_label("You are").select_option("a guest")
    expect(widget(page).get_by_text("You are here as")).to_have_count(0)


def test_a_refused_comment_says_why_and_can_be_appealed(visit: Visit, paper: Courier) -> None:
    page = visit(paper.article())
    sign_in(page, paper, "Aoife Ward")
    write(page, SPAM)
    own = widget(page).locator(".own article", has_text="cheap watches")
    expect(own.get_by_text("Your comment was not published.").first).to_be_visible()
    expect(own.get_by_text("No spam").first).to_be_visible()
    own.get_by_text("The reasons in full").click()
    expect(own.get_by_text("by automated means", exact=False).first).to_be_visible()
    own.get_by_role("button", name="Appeal").click()
    dialog = widget(page).get_by_role("dialog")
    dialog.get_by_label("Why is it wrong?").fill("These are the two shops the article is about.")
    dialog.get_by_role("button", name="Send appeal").click()
    expect(dialog.get_by_text("Your appeal waits for an answer.")).to_be_visible()


def test_muting_hiding_and_promoting_change_one_readers_page_only(
    visit: Visit, paper: Courier
) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)
    paper.comment(article, "Nora Byrne", ANSWER)
    page = visit(article)
    sign_in(page, paper, "Aoife Ward")
    more(card(page, FERRY), "Mute")
    expect(widget(page).get_by_text(re.compile("You muted .*Colm Daly"))).to_be_visible()
    more(card(page, ANSWER), "Hide comment")
    expect(widget(page).get_by_text("You hid this comment.")).to_be_visible()
    widget(page).get_by_role("button", name="Show it again").click()
    more(card(page, ANSWER), "Promote")
    expect(card(page, ANSWER).get_by_text("Promoted by you")).to_be_visible()
    widget(page).get_by_role("button", name=re.compile("Unmute")).click()
    expect(card(page, FERRY)).to_be_visible()
    other = visit(article)
    expect(card(other, FERRY)).to_be_visible()
    expect(card(other, ANSWER)).to_be_visible()


def test_a_link_to_one_comment_goes_to_it_wherever_it_is(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    root = paper.comment(article, "Colm Daly", FERRY)
    for number, body in enumerate(REPLIES):
        last = paper.comment(article, f"Reader {number}", body, parent=root)
    page = visit(article, path=f"/demo#parley-{last}")
    target = widget(page).locator(f"#parley-{last}")
    expect(target).to_be_focused()
    expect(target).to_contain_text(REPLIES[-1])


def test_one_readers_activity_lists_comments_and_data(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)
    page = visit(article)
    sign_in(page, paper, "Colm Daly")
    widget(page).get_by_role("button", name="Your activity").click()
    dialog = widget(page).get_by_role("dialog")
    dialog.get_by_text("Comments", exact=True).click()
    expect(dialog.get_by_text(FERRY).first).to_be_visible()
    dialog.get_by_text("Your data").click()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download everything").click()
    assert download.value.suggested_filename == "parley-export.json"
