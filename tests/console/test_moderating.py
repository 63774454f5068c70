"""A moderator's work in the console, in a real browser on a running stack."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.console.conftest import OpenConsole
from tests.console.newsroom import Newsroom

OPEN_ITEM = re.compile("^Comment by")


def queue(article: str) -> str:
    return f"#/queue?article={article}"


def opened(page: Page, name: str) -> None:
    """Wait until the item of this author is open and can be decided."""
    expect(page.get_by_role("heading", name=f"Comment by {name}")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def first_author(page: Page) -> str:
    heading = page.get_by_role("heading", name=OPEN_ITEM)
    expect(heading).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
    return heading.inner_text().removeprefix("Comment by ")


def test_a_wrong_password_is_said_and_nothing_else(console: OpenConsole, desk: Newsroom) -> None:
    page = console()
    page.get_by_label("E-mail address").fill(desk.moderator("Wanda"))
    page.get_by_label("Password").fill("not that at all, sorry")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_label("Password")).to_be_focused()


def test_signing_out_ends_the_session(console: OpenConsole, desk: Newsroom) -> None:
    page = console(desk.moderator("Odhran"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_round_by_keyboard_alone(console: OpenConsole, desk: Newsroom) -> None:
    article = desk.article()
    comments = dict(
        zip(("Kit", "Kay", "Kim"), desk.held(article, "Kit", "Kay", "Kim"), strict=True)
    )
    page = console(desk.moderator("Mairead"), queue(article))

    approved = first_author(page)
    page.keyboard.press("a")
    expect(page.locator("parley-toast")).to_contain_text("Approved")
    rejected = next(name for name in comments if name != approved)
    opened(page, rejected)
    assert desk.status(approved, comments[approved]) == "published"

    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_contain_text("found by a rule")
    page.keyboard.press("1")
    expect(page.locator("parley-toast")).to_contain_text("Rejected under “civil”")
    last = next(name for name in comments if name not in (approved, rejected))
    opened(page, last)

    page.keyboard.press("u")
    opened(page, rejected)
    assert desk.status(rejected, comments[rejected]) == "held"

    page.keyboard.press("s")
    page.keyboard.press("1")
    opened(page, last)
    page.keyboard.press("k")
    opened(page, rejected)


def test_keys_are_listed_and_do_nothing_while_one_types(
    console: OpenConsole, desk: Newsroom
) -> None:
    article = desk.article()
    [comment] = desk.held(article, "Tadhg")
    page = console(desk.moderator("Una"), queue(article))
    opened(page, "Tadhg")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Undo the last decision")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("arras")
    expect(page.get_by_role("searchbox")).to_have_value("arras")
    page.locator("h2", has_text="Comment by").focus()
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert desk.status("Tadhg", comment) == "held"


def test_two_moderators_see_each_other_and_nothing_is_decided_twice(
    console: OpenConsole, desk: Newsroom
) -> None:
    article = desk.article()
    comment = desk.comment(article, "Prue", "The council could not run a bath, let alone a ferry.")
    desk.report(comment, "Rita", "civil")
    first = console(desk.moderator("Finn"), queue(article))
    opened(first, "Prue")
    second = console(desk.moderator("Gael"), queue(article))
    expect(second.get_by_role("heading", name="Comment by Prue")).to_be_visible()
    expect(second.locator("[data-claim=other]")).to_contain_text("is working on this until")
    expect(second.get_by_role("button", name="Approve")).to_be_disabled()
    second.keyboard.press("a")
    expect(second.locator("parley-toast")).to_contain_text("A colleague is working")

    desk.report(comment, "Paul", "civil", "It mocks the councillors.")
    first.keyboard.press("a")
    expect(first.locator(".banner.warn")).to_contain_text("changed while you were reading")
    opened(first, "Prue")
    first.keyboard.press("a")
    expect(first.locator("parley-toast")).to_contain_text("Approved")

    second.get_by_role("button", name="Look again").click()
    expect(second.locator("parley-item .banner")).to_contain_text("Decided on")


def test_a_severe_text_is_out_of_sight_until_asked_for(
    console: OpenConsole, desk: Newsroom
) -> None:
    article = desk.article()
    desk.held(article, "Sorley")
    page = console(desk.moderator("Bríd"), queue(article))
    opened(page, "Sorley")
    expect(page.locator("blockquote.comment")).to_have_attribute("aria-hidden", "true")
    expect(page.locator(".queue-list")).not_to_contain_text("worthless")
    page.keyboard.press("v")
    expect(page.locator("blockquote.comment")).not_to_have_attribute("aria-hidden", "true")
    expect(page.locator("blockquote.comment .mark-word").first).to_be_visible()


def test_several_are_decided_at_once_with_a_result_for_each(
    console: OpenConsole, desk: Newsroom
) -> None:
    article = desk.article()
    names = ("Ada", "Bea", "Cal")
    comments = desk.held(article, *names)
    page = console(desk.moderator("Dervla"), queue(article))
    first_author(page)
    page.keyboard.press("x")
    page.get_by_role("button", name="Select all").click()
    bar = page.get_by_role("group", name="Several at once")
    expect(bar).to_contain_text("3 items selected")
    bar.get_by_role("button", name="Reject").click()
    page.keyboard.press("1")
    expect(page.locator(".tag.result")).to_have_count(3)
    rejected = [desk.status(n, c) for n, c in zip(names, comments, strict=True)]
    assert rejected == ["rejected"] * 3
    page.locator("parley-toast").get_by_role("button", name="Undo").click()
    expect(page.locator("parley-toast")).to_contain_text("All undone")
    assert [desk.status(n, c) for n, c in zip(names, comments, strict=True)] == ["held"] * 3


def test_a_moderator_sees_no_page_of_admins(console: OpenConsole, desk: Newsroom) -> None:
    page = console(desk.moderator("Niall"))
    expect(page.get_by_role("navigation")).to_contain_text("Queue")
    expect(page.get_by_role("navigation")).not_to_contain_text("Moderators")
