"""Papers on the running stack, and browsers that visit them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from service.seed import DEMO_ARTICLE
from tests.widget.courier import Courier, courier
from workers.bench.running_stack import RunningStack

# Longer than a comment waits for the text of an article that was registered a moment ago.
PATIENCE_MS = 45_000
PHONE = {"width": 320, "height": 640}
DESK = {"width": 900, "height": 1000}
# What the browser itself logs of refused or failed requests; all else it logs is our fault.
EXPECTED = "Failed to load resource"
Visit = Callable[..., Page]
Serve = Callable[..., str]
Routes = Mapping[str, tuple[Callable[[Route], None], int | None]]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def paper(stack: RunningStack) -> Iterator[Courier]:
    """Papers with readers, an article each, and moderators."""
    with courier(stack) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, stack: RunningStack) -> Iterator[Visit]:
    """Opens a page with the widget under an article; fails the test on any fault there.

    `quiet=False` where the browser has every reason to complain. `script` runs before the page's
    own; `routes` are handlers of requests, each with how often it handles one (None: always).
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(
        article: str,
        *,
        lang: str = "en",
        path: str = "/demo",
        quiet: bool = True,
        script: str = "",
        routes: Routes | None = None,
        **options: Any,
    ) -> Page:
        context = browser.new_context(**{"viewport": DESK, "locale": "en-IE", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if quiet:
            page.on("console", lambda message: faults.extend(_fault(message)))
        if script:
            page.add_init_script(script)
        for pattern, (handler, times) in (routes or {}).items():
            page.route(pattern, handler, times=times)
        if article != DEMO_ARTICLE:
            page.route("**/demo", lambda route: _under(route, article, lang))
        page.goto(stack.address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@contextmanager
def unanswered(page: Page, pattern: str) -> Iterator[None]:
    """Requests that match wait until the block ends: what shows only meanwhile can be seen."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(pattern, hold)
    yield
    page.unroute(pattern)
    for route in waiting:
        route.continue_()


def _under(route: Any, article: str, lang: str) -> None:
    """The demo page as it is served, with the widget under another paper's article."""
    answer = route.fetch()
    body = answer.text().replace(
        '<parley-comments article="harbour-bridge" site="demo" lang="en"',
        f'<parley-comments article="{article}" site="{article}" lang="{lang}"',
    )
    route.fulfill(response=answer, body=body)


def _fault(message: Any) -> list[str]:
    is_fault = message.type in ("error", "warning") and not message.text.startswith(EXPECTED)
    return [message.text] if is_fault else []


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a page from another origin than Parley's, as publishers do; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def served(body: str, headers: Mapping[str, str] | None = None) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                for name, value in {"Content-Type": "text/html", **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """Nothing: what pages ask for is no news."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield served
    for server in servers:
        server.shutdown()
        server.server_close()
