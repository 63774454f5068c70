"""How fast comments are accepted, read and decided, on a whole stack of its own."""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import count, cycle

import psutil
from sqlalchemy import create_engine, text

from service.adapters.tokens import issue_reader_token
from service.seed import DEMO_ARTICLE, DEMO_SITE, demo_secret
from workers.bench.bench_texts import comment_texts
from workers.bench.http_load import Measured, load, prepare, shared
from workers.bench.running_stack import RunningStack

THREADS_PATH = f"/api/v1/articles/{DEMO_ARTICLE}/comments"
PAGE_COMMENTS = 1_000
IDLE_COMMENTS = 20
POLL_SECONDS = 0.01
DRAIN_SECONDS = 300.0
CONNECTIONS = 16
MEGABYTE = 1_000_000
READERS = 400
MOST_POSTS = 1_000_000
_SEEDS = count(1)


@dataclass(frozen=True)
class ApiFigures:
    """What was measured. Times in milliseconds, memory in megabytes."""

    pings_per_second: float
    posts_per_second: float
    post_p50: float
    post_p99: float
    post_statuses: dict[int, int]
    drain_seconds: float
    pages_per_second: float
    pages_304_per_second: float
    page_p99: float
    decision_median: float
    decision_p95: float
    api_rss: float
    worker_rss: float


def measure_api(stack: RunningStack, *, seconds: float) -> ApiFigures:
    """Post for `seconds` while the worker scores, read a 1,000-comment article, time decisions."""
    ping = prepare(stack.address, "GET", "/healthz", {})
    pings = load(stack.address, lambda: ping, connections=CONNECTIONS, seconds=seconds)
    posts, drain = _posting(stack, seconds)
    _fill(stack)
    pages = _reading(stack, seconds, etag=None)
    unchanged = _reading(stack, seconds, etag=_etag(stack))
    decisions = _decisions(stack)
    return ApiFigures(
        pings_per_second=pings.per_second,
        posts_per_second=posts.per_second,
        post_p50=posts.percentile(0.5),
        post_p99=posts.percentile(0.99),
        post_statuses=dict(posts.statuses),
        drain_seconds=drain,
        pages_per_second=pages.per_second,
        pages_304_per_second=unchanged.per_second,
        page_p99=pages.percentile(0.99),
        decision_median=statistics.median(decisions) * 1000,
        decision_p95=sorted(decisions)[int(0.95 * len(decisions))] * 1000,
        api_rss=_rss(stack, "api"),
        worker_rss=_rss(stack, "worker-scoring"),
    )


def as_markdown(figures: ApiFigures, *, machine: str) -> str:
    """The figures as a page, beside what the project set out to reach."""
    f = figures
    rows = [
        ("the least an answer costs: /healthz per second", f"{f.pings_per_second:.0f}", ""),
        ("comments accepted (202) per second, worker scoring", f"{f.posts_per_second:.0f}", "250"),
        ("POST p50 / p99, ms", f"{f.post_p50:.0f} / {f.post_p99:.0f}", "p99 under 100"),
        ("from the last POST until all were decided, s", f"{f.drain_seconds:.1f}", ""),
        ("page of 1,000 comments, 200 per second", f"{f.pages_per_second:.0f}", ""),
        ("the same unchanged, 304 per second", f"{f.pages_304_per_second:.0f}", "1,500"),
        (
            "POST to decision when idle, median / p95, ms",
            f"{f.decision_median:.0f} / {f.decision_p95:.0f}",
            "median under 1,000",
        ),
        ("resident memory of one API process, MB", f"{f.api_rss:.0f}", "150"),
        ("resident memory of the scoring worker, MB", f"{f.worker_rss:.0f}", "350 with compact"),
    ]
    lines = [f"| {what} | {value} | {goal} |" for what, value, goal in rows]
    statuses = ", ".join(f"{n} × {status}" for status, n in sorted(f.post_statuses.items()))
    return "\n".join(
        [
            "# The API under load",
            "",
            f"Measured by `./parley bench api` on {machine}; the load ran on the same machine.",
            "",
            "| what | measured | to reach |",
            "|---|---|---|",
            *lines,
            "",
            f"Answers to the posts: {statuses}. Per `/healthz` answered in the same run, the API "
            f"accepts {f.posts_per_second / f.pings_per_second:.2f} comments and serves "
            f"{f.pages_304_per_second / f.pings_per_second:.2f} unchanged pages: these ratios say "
            "more than the figures, which are this machine's on that day.",
            "",
        ]
    )


def as_json(figures: ApiFigures) -> str:
    """The figures for programs."""
    return json.dumps(asdict(figures), indent=2)


def _posting(stack: RunningStack, seconds: float) -> tuple[Measured, float]:
    requests = _posts(stack)
    measured = load(stack.address, lambda: next(requests), connections=CONNECTIONS, seconds=seconds)
    began = time.monotonic()
    _wait_for_quiet(stack)
    return measured, time.monotonic() - began


def _posts(stack: RunningStack) -> Iterator[bytes]:
    """Requests of many readers in turn, each signed in once, as readers are."""
    secret = demo_secret(stack.environment()["PARLEY_SECRET_KEY"])
    tokens = [
        issue_reader_token(
            {"id": f"bench-{number}", "username": f"Bench {number}"},
            secret,
            timedelta(hours=1),
            site=DEMO_SITE,
        )
        for number in range(READERS)
    ]
    # Another seed each time, or the second load would repeat what the first one said.
    texts = comment_texts(MOST_POSTS, seed=next(_SEEDS))
    for token, text_ in zip(cycle(tokens), texts, strict=False):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = json.dumps({"body": text_}).encode()
        yield prepare(stack.address, "POST", THREADS_PATH, headers, body)


def _fill(stack: RunningStack) -> None:
    """Make sure the article has PAGE_COMMENTS public comments."""
    wanted = PAGE_COMMENTS - stack.call("GET", THREADS_PATH).json["comment_count"]
    requests = shared(_posts(stack), max(0, wanted))
    load(stack.address, requests, connections=4, seconds=DRAIN_SECONDS)
    _wait_for_quiet(stack)


def _reading(stack: RunningStack, seconds: float, etag: str | None) -> Measured:
    headers = {"If-None-Match": etag} if etag else {}
    request = prepare(stack.address, "GET", THREADS_PATH, headers)
    return load(stack.address, lambda: request, connections=CONNECTIONS, seconds=seconds)


def _etag(stack: RunningStack) -> str:
    with urllib.request.urlopen(stack.address + THREADS_PATH) as answer:  # noqa: S310 - ours
        return str(answer.headers["ETag"])


def _decisions(stack: RunningStack) -> list[float]:
    """Seconds from POST to decision, one comment at a time."""
    times = []
    texts = comment_texts(IDLE_COMMENTS, seed=77)
    token = stack.command("token", "reader", "idle")
    for body in texts:
        began = time.monotonic()
        posted = stack.call("POST", THREADS_PATH, token=token, body={"body": f"Idle. {body}"}).json
        while True:
            comment = stack.call("GET", f"/api/v1/comments/{posted['id']}", token=token).json
            if comment["status"] != "pending":
                break
            time.sleep(POLL_SECONDS)
        times.append(time.monotonic() - began)
    return times


def _wait_for_quiet(stack: RunningStack) -> None:
    engine = create_engine(stack.facts()["database_url"])
    end = time.monotonic() + DRAIN_SECONDS
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM comment WHERE status = 'pending'")
        while connection.execute(query).scalar_one() and time.monotonic() < end:
            time.sleep(0.1)
    engine.dispose()


def _rss(stack: RunningStack, component: str) -> float:
    """The largest process of a component's session: the one that does its work."""
    pid = stack.pid(component)
    if pid is None:
        return 0.0
    parent = psutil.Process(pid)
    sizes = [p.memory_info().rss for p in (parent, *parent.children(recursive=True))]
    return float(max(sizes)) / MEGABYTE
