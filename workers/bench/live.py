"""`./parley bench live`: what idle listeners cost one live process, and how fast they are told."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click
import psutil

from config.settings import Settings
from service.bootstrap import make_parts
from service.domain.live_update import News
from service.models import Comment
from service.seed import DEMO_ARTICLE, DEMO_SITE
from service.usecases.context import Context
from workers.bench.live_crowd import Crowd
from workers.bench.live_page import IDLE_SECONDS, THREADS_MEASURED, LiveFigures, as_markdown
from workers.bench.live_threads import kilobytes_per_thread
from workers.bench.running_stack import RunningStack
from workers.bench.stack_cli import PAGES, machine, own_stack

SETTINGS = {"PARLEY_LIVE_LISTENERS": "20000", "PARLEY_LIVE_LISTENERS_PER_ADDRESS": "20000"}
# Between two publications, so that each finds a process at rest.
PAUSE_SECONDS = 0.3
WAIT_SECONDS = 30.0
MEGABYTE = 1024 * 1024


@click.command("live", short_help="A thousand open pages on one process.")
@click.option("--listeners", type=click.IntRange(10, 20_000), default=1_000, show_default=True)
@click.option("--rounds", type=click.IntRange(1, 1_000), default=30, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def live_command(listeners: int, rounds: int, out: Path) -> None:
    """Open streams to a stack of its own, let them idle, then publish and time everybody."""
    with own_stack(SETTINGS) as stack:
        figures = measure_live(stack, listeners=listeners, rounds=rounds)
    command = f"./parley bench live --listeners {listeners} --rounds {rounds}"
    page = as_markdown(figures, command=command, machine=machine())
    out.mkdir(parents=True, exist_ok=True)
    (out / "live.md").write_text(page, "utf-8")
    (out / "live.json").write_text(json.dumps(asdict(figures), indent=2) + "\n", "utf-8")
    click.echo(page)


def measure_live(stack: RunningStack, *, listeners: int, rounds: int) -> LiveFigures:
    """Measure the stack's live process. Raises CrowdError where somebody is not told."""
    base = stack.call("GET", f"/api/v1/site?site={DEMO_SITE}").json["live_url"]
    url = f"{base}/api/v1/articles/{DEMO_ARTICLE}/stream?site={DEMO_SITE}"
    ctx = _publisher(stack, base)
    news = _published(stack, ctx)
    process = _wait_live(stack, url)
    Crowd(url, 10).close()  # what the first connection loads is not the listeners' cost
    before = process.memory_info().rss
    began = time.monotonic()
    crowd = Crowd(url, listeners)
    connected = time.monotonic() - began
    after = process.memory_info().rss
    cpu = _cpu(process)
    beats = crowd.listen_idly(IDLE_SECONDS)
    idle = (_cpu(process) - cpu) / IDLE_SECONDS
    cpu = _cpu(process)
    told = [_publish(ctx, crowd, news) for _ in range(rounds)]
    busy = (_cpu(process) - cpu) / rounds
    crowd.close()
    began = time.monotonic()
    crowd = Crowd(url, listeners)
    reconnected = time.monotonic() - began
    crowd.close()
    times = sorted(ms for one in told for ms in one)
    slowest = sorted(max(one) for one in told)
    return LiveFigures(
        listeners=listeners,
        base_mb=before / MEGABYTE,
        kb_per_listener=(after - before) / listeners / 1024,
        kb_per_thread=kilobytes_per_thread(min(THREADS_MEASURED, listeners)),
        connect_seconds=connected,
        reconnect_seconds=reconnected,
        idle_cpu_percent=idle * 100,
        heartbeats=beats,
        rounds=rounds,
        p50_ms=_at(times, 0.5),
        p95_ms=_at(times, 0.95),
        p99_ms=_at(times, 0.99),
        all_told_median_ms=_at(slowest, 0.5),
        all_told_worst_ms=slowest[-1],
        cpu_ms_per_round=busy * 1000,
        load_average=os.getloadavg()[0],
    )


def _publisher(stack: RunningStack, live_url: str) -> Context:
    environ = {k: v for k, v in stack.environment().items() if k.startswith("PARLEY_")}
    return make_parts(Settings.from_env(environ | {"PARLEY_LIVE_URL": live_url})).ctx


def _published(stack: RunningStack, ctx: Context) -> News:
    """News of a comment that is public, so that the process has something to look up."""
    token = stack.command("token", "reader", "live")
    body = {"body": "The ferry ought to wait for the last train in the evening."}
    path = f"/api/v1/articles/{DEMO_ARTICLE}/comments?site={DEMO_SITE}"
    comment = stack.call("POST", path, token=token, body=body).json["id"]
    own = f"/api/v1/comments/{comment}?site={DEMO_SITE}"
    end = time.monotonic() + WAIT_SECONDS
    while stack.call("GET", own, token=token).json["status"] == "pending":
        if time.monotonic() > end:
            raise TimeoutError("the comment is not decided")
        time.sleep(0.1)
    with ctx.reading() as session:
        article_id = session.get_one(Comment, UUID(comment)).article_id
    return News(article_id, UUID(comment), 1)


def _publish(ctx: Context, crowd: Crowd, news: News) -> list[float]:
    began = time.perf_counter()
    ctx.live.tell([news])
    times = [(moment - began) * 1000 for moment in crowd.wait_told(b"event: comment")]
    time.sleep(PAUSE_SECONDS)
    return times


def _wait_live(stack: RunningStack, url: str) -> psutil.Process:
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            Crowd(url, 1).close()
            pid = stack.pid("live")
            if pid is not None:
                return psutil.Process(pid)
        except OSError:
            if time.monotonic() > end:
                raise
        time.sleep(0.2)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
