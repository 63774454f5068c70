"""`./parley bench desk`: the moderators' calls as a site grows from 1,000 to 100,000 comments."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import click
from sqlalchemy import create_engine

from workers.bench.full_site import fill_site
from workers.bench.running_stack import RunningStack
from workers.bench.stack_cli import PAGES, machine, own_stack

SIZES = (1_000, 10_000, 100_000)
CALLS = 60
WARM_UP = 5
TWENTIETHS = 20
ITEM_AIM_MS = 50.0


@dataclass(frozen=True, slots=True)
class Latency:
    """One call at one size. Times in milliseconds."""

    call: str
    comments: int
    median: float
    p95: float


@click.command("desk", short_help="The moderators' calls at 1,000, 10,000 and 100,000 comments.")
@click.option("--calls", type=click.IntRange(5, 10_000), default=CALLS, show_default=True)
@click.option("--largest", type=click.IntRange(1_000, 1_000_000), default=SIZES[-1])
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def desk_command(calls: int, largest: int, out: Path) -> None:
    """Fill a stack of its own step by step and ask what moderators ask, over HTTP."""
    sizes = [size for size in SIZES if size < largest] + [largest]
    found: list[Latency] = []
    with own_stack() as stack:
        token = stack.command("token", "moderator", "bench", "--data", str(stack.data))
        engine = create_engine(stack.facts()["database_url"])
        filled = 0
        for size in sizes:
            click.echo(f"filling to {size:,} comments ...")
            fill_site(engine, first=filled + 1, last=size)
            filled = size
            found += _measure(stack, token, size, calls)
        engine.dispose()
    page = as_markdown(found, calls=calls)
    out.mkdir(parents=True, exist_ok=True)
    (out / "desk.md").write_text(page, "utf-8")
    (out / "desk.json").write_text(json.dumps([asdict(row) for row in found], indent=2), "utf-8")
    click.echo(page)


def _measure(stack: RunningStack, token: str, size: int, calls: int) -> list[Latency]:
    def get(path: str) -> Any:
        answer = stack.call("GET", f"/api/v1{path}", token=token)
        if answer.status >= 400:
            raise click.ClickException(f"{path} answered {answer.status}")
        return answer.json

    items = get(f"/moderation/queue?limit={min(200, calls)}")["items"]
    readers = [item["author"]["id"] for item in items]
    word = "ferry%20-bridge%20or%20number"
    rows = [
        _time("the least an answer costs: /healthz", size, calls, lambda n: _health(stack)),
        _time(
            "one item with everything around it",
            size,
            calls,
            lambda n: get(f"/moderation/items/{items[n % len(items)]['id']}"),
        ),
        _time("a page of the queue", size, calls, lambda n: get("/moderation/queue?limit=50")),
        _time("the queue searched", size, calls, lambda n: get(f"/moderation/queue?q={word}")),
        _time("all queues counted", size, calls, lambda n: get("/moderation/queues")),
        _time(
            "a reader's record",
            size,
            calls,
            lambda n: get(f"/moderation/readers/{readers[n % len(readers)]}"),
        ),
        _time("a page of the log", size, calls, lambda n: get("/moderation/log?limit=50")),
        _time("claiming five items", size, calls // 5, lambda n: _claim(stack, token)),
    ]
    return rows


def _health(stack: RunningStack) -> None:
    stack.call("GET", "/healthz")


def _claim(stack: RunningStack, token: str) -> None:
    items = stack.call("POST", "/api/v1/moderation/claims", token=token, body={"count": 5}).json
    for item in items["items"]:
        path = f"/api/v1/moderation/claims/{item['claim']['id']}"
        stack.call("DELETE", path, token=token)


def _time(call: str, size: int, calls: int, run: Callable[[int], object]) -> Latency:
    for n in range(WARM_UP):
        run(n)
    taken = []
    for n in range(max(calls, WARM_UP)):
        started = time.perf_counter()
        run(n)
        taken.append((time.perf_counter() - started) * 1_000)
    return Latency(call, size, median(taken), quantiles(taken, n=TWENTIETHS)[-1])


def as_markdown(rows: Sequence[Latency], *, calls: int) -> str:
    """The page: one row per call, a column per size, and the growth."""
    sizes = sorted({row.comments for row in rows})
    at = {(row.call, row.comments): row for row in rows}
    head = " | ".join(f"{size:,} comments" for size in sizes)
    lines = [
        "# The moderators' desk as a site grows",
        "",
        f"`./parley bench desk` on {machine()}, {calls} calls each over HTTP, one after the other.",
        "Median / 95th percentile in milliseconds. One comment in fifty waits in the queue, each",
        "with three reports; claiming includes giving the five items back.",
        "",
        f"| call | {head} | growth of the median |",
        "|---|" + "---:|" * (len(sizes) + 1),
    ]
    for call in dict.fromkeys(row.call for row in rows):
        cells = [f"{at[call, s].median:.1f} / {at[call, s].p95:.1f}" for s in sizes]
        growth = at[call, sizes[-1]].median / at[call, sizes[0]].median
        lines.append(f"| {call} | {' | '.join(cells)} | × {growth:.1f} |")
    lines += ["", f"To reach: one item under {ITEM_AIM_MS:.0f} ms at 100,000 comments.", ""]
    return "\n".join(lines)
