"""How the conversation goes, as an editor sees it."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.console.conftest import OpenConsole
from tests.console.newsroom import Newsroom

COUNTED_SECONDS = 30
AT_ONCE = "Please bring the evening ferry back before winter."


def counted(desk: Newsroom, article: str, comments: int) -> None:
    """Wait until so many comments of the article are rolled up."""
    token = desk.stack.command("token", "publisher", "desk")
    end = time.monotonic() + COUNTED_SECONDS
    while time.monotonic() < end:
        answer = desk.stack.call("GET", f"/api/v1/engagement?article={article}", token=token)
        if answer.json["totals"]["comments"] == comments:
            return
        time.sleep(0.2)
    raise TimeoutError(answer.json["totals"])


def test_an_editor_sees_an_article_s_conversation_and_what_is_talked_about(
    console: OpenConsole, desk: Newsroom
) -> None:
    article = desk.article("The evening ferry is to stop")
    first = desk.comment(article, "Orla", AT_ONCE)
    desk.comment(article, "Tomas", "My mother works nights and needs it too.", first)
    counted(desk, article, 2)
    page = console(desk.moderator("Aoife"), f"#/engagement?article={article}")
    expect(page.get_by_role("heading", level=1, name="Engagement")).to_be_visible()
    facts = page.locator(".facts").first
    expect(facts).to_contain_text("Comments2")
    expect(facts).to_contain_text("Readers who wrote2")
    expect(page.get_by_text("Conversation health: too few comments to say").first).to_be_visible()
    expect(page.get_by_text("is counted.")).to_be_visible()
    active = page.get_by_role("region", name="Most active in the last 6 hours")
    expect(active).to_contain_text("The evening ferry is to stop")
    expect(page.get_by_role("heading", name="How its threads moved")).to_be_visible()
    page.get_by_label("Article (key)").fill("nowhere")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("no article with this key")
    page.get_by_label("Article (key)").fill("")
    page.get_by_label("Section").select_option("local")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("region", name="Sections of the site")).to_contain_text("local")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    table = download.value.path().read_text("utf-8")
    assert table.startswith("day,comments,")
