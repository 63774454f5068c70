"""`./parley bench widget`: first paint, and a long thread in a real browser under the widget."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import click
import psutil
from sqlalchemy import create_engine

from workers.bench.stack_cli import PAGES, machine, own_stack
from workers.bench.widget_page import PER_FRAME, Scrolled, opened, painted, scrolled
from workers.bench.widget_thread import LONG, ORDINARY, fill_threads

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # only requirements/test.txt has it
    sync_playwright = None  # type: ignore[assignment]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_PLAYWRIGHT = "This needs playwright: pip install -r requirements/test.txt"
NO_BROWSER = f"No browser: install one of {', '.join(BROWSERS)} from the system's packages."
COMMENTS, RUNS, PASSES = 10_000, 15, 3
PAINT_AIM_MS = 200.0
# Two frames of a screen that shows sixty a second: more is seen as a stutter.
FRAME_AIM_MS = 34.0
STUTTER_MS = 50.0
HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{key}</title>
<script type="module" src="{address}/embed.js"></script>
<h1>{key}</h1><parley-comments article="{key}" site="demo" sort="oldest"></parley-comments>"""


@dataclass(frozen=True)
class WidgetFigures:
    """What was measured. Times in milliseconds; `load` is what waited for a core, per core."""

    comments: int
    first: Sequence[float]
    again: Sequence[float]
    opening: Sequence[float]
    passes: Sequence[Scrolled]
    short: Scrolled
    load: tuple[float, float]


@click.command("widget", short_help="First comments painted; a long thread scrolled, in Chromium.")
@click.option("--comments", type=click.IntRange(200, 100_000), default=COMMENTS, show_default=True)
@click.option("--runs", type=click.IntRange(3, 200), default=RUNS, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def widget_command(comments: int, runs: int, out: Path) -> None:
    """Open a stack of its own in a headless browser, from a page of another origin."""
    if sync_playwright is None:
        raise click.ClickException(NO_PLAYWRIGHT)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise click.ClickException(NO_BROWSER)
    with own_stack() as stack, _pages(stack.address) as pages, sync_playwright() as playwright:
        engine = create_engine(stack.facts()["database_url"])
        fill_threads(engine, comments=comments)
        engine.dispose()
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        figures = _measure(browser, pages, comments, runs)
        version = browser.version
        browser.close()
    page = as_markdown(figures, machine=f"{machine()}, Chromium {version}")
    out.mkdir(parents=True, exist_ok=True)
    (out / "widget.md").write_text(page, "utf-8")
    (out / "widget.json").write_text(json.dumps(asdict(figures), indent=1) + "\n", "utf-8")
    click.echo(page)


def _measure(browser: Any, pages: str, comments: int, runs: int) -> WidgetFigures:
    before = _load()
    first, again = painted(browser, f"{pages}{ORDINARY}", runs=runs)
    short = browser.new_page()
    short.add_init_script("window.longTasks = []")
    short.goto(f"{pages}{ORDINARY}")
    short.locator("parley-comments article").first.wait_for()
    few = scrolled(short)
    page, opening, shown = opened(browser, f"{pages}{LONG}")
    if shown < comments:
        raise click.ClickException(f"only {shown} of {comments} comments came")
    passes = [scrolled(page) for _ in range(PASSES)]
    return WidgetFigures(comments, first, again, opening, passes, few, (before, _load()))


def as_markdown(figures: WidgetFigures, *, machine: str) -> str:
    """The figures as a page, beside what the project set out to reach."""
    f = figures
    frames = [one for run in f.passes for one in run.between]
    jumps = [one for run in f.passes for one in run.jumped]
    longest = max((one for run in f.passes for one in run.long), default=0.0)
    tasks = sum(len(run.long) for run in f.passes)
    aim = f"under {PAINT_AIM_MS:.0f}"
    rows = [
        ("loader there → first comments painted, first visit", _ms(f.first), aim),
        ("the same, coming again", _ms(f.again), aim),
        (f"the next 100 of {f.comments:,} comments, asked for until drawn", _ms(f.opening), ""),
        (f"between frames, {PER_FRAME} px a frame", _ms(frames), f"95th under {FRAME_AIM_MS:.0f}"),
        ("the same under a page of 20 comments", _ms(f.short.between), ""),
        ("a jump anywhere, until drawn", _ms(jumps), ""),
    ]
    lines = [f"| {what} | {value} | {goal} |" for what, value, goal in rows]
    late = sum(one > STUTTER_MS for one in frames) / len(frames)
    before, after = f.load
    return "\n".join(
        [
            "# The widget in a browser",
            "",
            f"Measured by `./parley bench widget` on {machine}. The stack and the browser share the"
            f" machine; its load per core was {before:.1f} before and {after:.1f} after.",
            "",
            "| what | median / 95th / most, ms | to reach |",
            "|---|---|---|",
            *lines,
            "",
            f"{len(f.first)} visits, each with an empty cache, from a page of another origin; "
            f"{len(f.passes)} ways down a thread of {f.comments:,} comments that are all on the "
            f"page ({f.passes[0].height:,} pixels when first measured), {len(frames):,} frames: "
            f"{late:.1%} of them came more than {STUTTER_MS:.0f} ms after the one before; "
            f"{tasks} tasks of 50 ms and more while scrolling, the longest {longest:.0f} ms.",
            "",
        ]
    )


def _ms(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"{median(ordered):.0f} / {ordered[int(0.95 * len(ordered))]:.0f} / {ordered[-1]:.0f}"


def _load() -> float:
    """Processes that ran or waited for a core in the last minute, per core."""
    return float(psutil.getloadavg()[0] / (psutil.cpu_count() or 1))


@contextmanager
def _pages(address: str) -> Iterator[str]:
    """Pages of a publisher, on an origin of their own: the article's key is the path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = HTML.format(key=self.path.strip("/"), address=address).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: what the browser asks for is no news."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
