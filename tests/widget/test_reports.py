"""From a report and a notice to what becomes of them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.widget.conftest import Visit
from tests.widget.courier import Courier
from tests.widget.test_visit import card, more, sign_in, widget

CLAIM = "Somebody should ask who on the council owns the ferry company, and since when."
# Outcomes are told once the moderator can no longer undo them.
UNDO_MS = 60_000


def test_a_report_is_thanked_for_and_its_outcome_told(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    comment = paper.comment(article, "Colm Daly", CLAIM)
    page = visit(article)
    sign_in(page, paper, "Nora Byrne")
    more(card(page, CLAIM), "Report")
    dialog = widget(page).get_by_role("dialog")
    dialog.get_by_role("button", name="It breaks a guideline").click()
    expect(dialog.get_by_text("Help us understand how this comment violates")).to_be_visible()
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog.get_by_role("alert")).to_contain_text("please fill this in")
    dialog.get_by_label("It insults or bullies someone").check()
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog.get_by_text("Your report went to our team for review.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()

    paper.decide(comment, action="remove", guideline="civil")
    widget(page).get_by_role("button", name="Your activity").click()
    reports = dialog.get_by_text("Your reports")
    reports.click()
    told = dialog.get_by_text("We looked at the comment and acted on it.")
    for _ in range(UNDO_MS // 1000):
        if told.count():
            break
        page.wait_for_timeout(1000)
        reports.click()
        reports.click()
    expect(told).to_be_visible()


def test_a_notice_of_illegal_content_has_its_own_path_and_a_receipt(
    visit: Visit, paper: Courier
) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", CLAIM)
    page = visit(article)
    more(card(page, CLAIM), "Report")
    dialog = widget(page).get_by_role("dialog")
    dialog.get_by_role("button", name="I believe this is illegal").click()
    dialog.get_by_label("What is it about?").select_option("defamation")
    dialog.get_by_label("Why is it illegal?").fill("It says that I own the company. I do not.")
    dialog.get_by_label("Your name").fill("Maeve Tierney")
    dialog.get_by_label("Your e-mail address").fill("maeve@council.example")
    dialog.get_by_role("button", name="Send notice").click()
    expect(dialog.get_by_role("alert")).to_contain_text("good faith")
    dialog.get_by_label("I believe in good faith").check()
    dialog.get_by_role("button", name="Send notice").click()
    expect(dialog.get_by_role("heading", name="Your notice was received")).to_be_visible()
    reference = dialog.locator("#reference").inner_text()
    secret = dialog.locator("#secret").inner_text()
    assert reference.startswith("N-")
    page.keyboard.press("Escape")

    card(page, CLAIM).get_by_role("button", name="Report").click()
    dialog.get_by_role("button", name="Follow up a notice you gave").click()
    dialog.get_by_label("Reference").fill(reference)
    dialog.get_by_label("Secret").fill(secret)
    dialog.get_by_role("button", name="Show the notice").click()
    expect(dialog.get_by_role("heading", name=reference)).to_be_visible()
