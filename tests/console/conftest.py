"""A real Chromium on the running stack, and a newsroom to moderate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.console.newsroom import PASSWORD, Newsroom, newsroom
from workers.bench.running_stack import RunningStack

# A refused call is logged by the browser itself; what else it logs is a fault of ours.
REFUSED = "Failed to load resource"
OpenConsole = Callable[..., Page]


@pytest.fixture(scope="session")
def desk(stack: RunningStack) -> Iterator[Newsroom]:
    with newsroom(stack) as found:
        yield found


@pytest.fixture(autouse=True)
def new_readers(request: pytest.FixtureRequest) -> None:
    """What was said in one test, or in its first try, is no repeat in another."""
    if "desk" in request.fixturenames:
        request.getfixturevalue("desk").new_readers()


@pytest.fixture
def console(browser: Browser, stack: RunningStack) -> Iterator[OpenConsole]:
    """Opens the console, signed in where an address is given; fails the test on any error there."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(email: str | None = None, path: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.extend(_fault(message)))
        page.goto(f"{stack.address}/console{path}")
        if email is not None:
            page.get_by_label("E-mail address").fill(email)
            page.get_by_label("Password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Sign out").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def _fault(message: Any) -> list[str]:
    is_fault = message.type in ("error", "warning") and not message.text.startswith(REFUSED)
    return [message.text] if is_fault else []
