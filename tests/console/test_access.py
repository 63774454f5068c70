"""Every page for everybody: axe finds nothing in light and dark, and 320 pixels are enough.

With CONSOLE_SCREENSHOTS=<folder> the pages are kept there as pictures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from service.domain.identity import Role
from tests.console.conftest import OpenConsole
from tests.console.newsroom import Newsroom

# Under the Mozilla Public License: fetched for the test, never part of the project.
AXE = "axe-core@4.10.3"
AXE_SECONDS = 120
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "appeals",
    "notices",
    "proposals",
    "log",
    "stats",
    "featured",
    "engagement",
    "guidelines",
    "moderators",
    "me",
)
NARROW = 320
SPAM = "Buy cheap watches at http://best-deal.example and http://watch-shop.example today only"
INSULT = "Nobody asked you. You are a worthless idiot, and so is everybody on the council."


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, from the npm registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("axe needs npm, which is not here")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-save", "--ignore-scripts", "--prefix", str(folder), AXE]
    done = subprocess.run(command, check=False, capture_output=True, timeout=AXE_SECONDS)
    if done.returncode != 0:
        pytest.skip("axe cannot be had from the npm registry")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def full(desk: Newsroom) -> Iterator[str]:
    """A queue with something of every kind; gives the key of the article."""
    article = desk.article()
    root = desk.comment(article, "Orla", "How do people get home after the last ferry at ten?")
    desk.comment(article, "Tomas", "They do not. My mother works nights and asks the same.", root)
    desk.comment(article, "Gruff", INSULT, root)
    desk.comment(article, "Nuala", "Could we keep it friendly? It was a good question.", root)
    claim = desk.comment(article, "Senan", "Ahern's shop has sold stolen timber for years.")
    for name in ("Rita", "Paul"):
        desk.report(claim, name, "defamation", "He names a shop and has no proof.")
    desk.notice(claim)
    desk.held(article, "Abel", "Bran")
    desk.comment(article, "Sven", SPAM)
    token = desk.token("Sven")
    past_decisions(desk)
    for decision in desk.stack.call("GET", "/api/v1/me/decisions", token=token).json["decisions"]:
        path = f"/api/v1/decisions/{decision['id']}/appeals"
        desk.stack.call("POST", path, token=token, body={"body": "These watches are my own work."})

    yield article


def past_decisions(desk: Newsroom) -> None:
    """Some of what a team does in a day, for the figures."""
    article = desk.article("Council sets aside two million euro for the new library")
    desk.held(article, *(f"Past{number}" for number in range(8)))
    token = desk.stack.command("token", "moderator", "Caoimhe")
    queue = desk.stack.call("GET", f"/api/v1/moderation/queue?article={article}", token=token)
    items = [{"item_id": item["id"]} for item in queue.json["items"]]
    for verdict, chosen in (
        ({"action": "approve"}, items[:3]),
        ({"action": "reject", "guideline": "civil"}, items[3:]),
    ):
        body = {**verdict, "items": chosen}
        answer = desk.stack.call("POST", "/api/v1/moderation/decisions", token=token, body=body)
        assert all(result["ok"] for result in answer.json["results"])


def settled(page: Page, name: str) -> None:
    """Open a page and wait until it has read what it shows."""
    page.goto(f"{page.url.split('#')[0]}#/{name}")
    expect(page.locator("main h1")).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)


def found_by(axe: str, page: Page) -> list[str]:
    page.evaluate(axe)
    rules = {"runOnly": {"type": "tag", "values": RULES}}
    report: Any = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{wrong['id']}: {node['html'][:160]}"
        for wrong in report["violations"]
        for node in wrong["nodes"]
    ]


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, where somebody asked for it."""
    folder = os.environ.get("CONSOLE_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"console-{name}.png"))


def item(page: Page, article: str, author: str) -> None:
    settled(page, f"queue?article={article}")
    page.locator("[data-item] a", has_text=author).click()
    expect(page.get_by_role("heading", name=f"Comment by {author}")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    console: OpenConsole, desk: Newsroom, full: str, axe: str, scheme: str
) -> None:
    found: dict[str, list[str]] = {}

    def look(page: Page, name: str) -> None:
        found[name] = found_by(axe, page)
        picture(page, f"{name}-{scheme}")

    out = console(color_scheme=scheme)
    expect(out.get_by_label("Password")).to_be_visible()
    look(out, "sign-in")
    page = console(desk.moderator("Aoife", Role.ADMIN), color_scheme=scheme)
    item(page, full, "Senan")
    look(page, "reported")
    item(page, full, "Gruff")
    look(page, "severe")
    page.keyboard.press("v")
    look(page, "item")
    for key, name in (("r", "reject"), ("w", "sanction"), ("?", "keys")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        look(page, name)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Select all")).to_be_visible()
    look(page, "several")
    page.locator("parley-item h2 a").click()
    expect(page.get_by_role("heading", level=1, name="Gruff")).to_be_visible()
    look(page, "reader")
    for name in PAGES:
        settled(page, name)
        look(page, name)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_page_fits_320_pixels(console: OpenConsole, desk: Newsroom, full: str) -> None:
    size = {"width": NARROW, "height": 640}
    page = console(desk.moderator("Lorcan", Role.LEAD), viewport=size)
    item(page, full, "Senan")
    picture(page, "item-narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.get_by_role("button", name="← Queue").click()
    expect(page.locator(".queue-list")).to_be_visible()
    picture(page, "queue-narrow")
    for name in ("queue", *PAGES):
        settled(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, name


def test_a_changed_threshold_is_tried_on_decided_comments(
    console: OpenConsole, desk: Newsroom, full: str
) -> None:
    page = console(desk.moderator("Lasairfhíona", Role.LEAD), "#/guidelines")
    # Held from 0.001 instead of 0.80: what was published would have waited.
    field = page.locator(".threshold", has_text="abuse-likely").get_by_role("spinbutton")
    field.fill("0.001")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="What would it have done?").click()
    page.get_by_role("button", name="Change the tests and try again").click()
    expect(page.locator(".results")).to_contain_text("Replayed")
    expect(page.locator(".results")).to_contain_text("would have been treated otherwise")
    expect(page.locator(".results")).to_contain_text("abuse-likely")
    page.locator(".results").scroll_into_view_if_needed()
    picture(page, "backtest")
