"""A sign-in link opens the console once, and leaves no trace in the address."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.console.conftest import OpenConsole
from tests.console.newsroom import Newsroom


def test_a_link_signs_in_once_and_its_code_is_gone_from_the_address(
    console: OpenConsole, desk: Newsroom
) -> None:
    address = desk.stack.command("moderators", "link", desk.moderator("Sadhbh"))
    assert address.startswith(f"{desk.stack.address}/console#sign-in=")
    fragment = address.removeprefix(f"{desk.stack.address}/console")

    page = console(path=fragment)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.locator(".who")).to_contain_text("Sadhbh")
    # The queue may have opened an item by now, and named it there.
    assert "sign-in" not in page.evaluate("location.href")
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    again = console(path=fragment)
    expect(again.get_by_role("alert")).to_contain_text("This sign-in link was used already")
    expect(again.get_by_label("Password")).to_be_visible()
    assert "sign-in" not in again.evaluate("location.href")


def test_a_link_pasted_into_an_open_console_signs_in_too(
    console: OpenConsole, desk: Newsroom
) -> None:
    page = console()
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto(desk.stack.command("moderators", "link", desk.moderator("Treasa")))
    expect(page.locator(".who")).to_contain_text("Treasa")
    assert "sign-in" not in page.evaluate("location.href")
