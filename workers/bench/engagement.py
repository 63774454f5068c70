"""`./parley bench engagement`: the editors' calls as a year grows to 1,000,000 comments."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from string import ascii_lowercase

import click
import psutil
from sqlalchemy import create_engine, text

from service.bootstrap import make_parts
from service.running_stack import running_settings
from service.usecases.context import Context
from service.usecases.identify_caller import find_site
from service.usecases.post_comment import post_comment
from service.usecases.rebuild_engagement import rebuild_engagement
from service.usecases.recognise_reader import recognise_reader
from service.usecases.roll_up_engagement import roll_up_engagement
from service.usecases.seal_events import seal_events
from workers.bench.engagement_report import AIM_CALL, RolledUp, Timed, as_markdown
from workers.bench.engagement_site import fill_year
from workers.bench.running_stack import RunningStack, running_stack
from workers.bench.stack_cli import PAGES, SETTINGS, machine

SIZES = (10_000, 100_000, 1_000_000)
CALLS, WARM_UP, ROUNDS = 40, 3, 20
TWENTIETHS = 20
MS = 1_000
LETTERS = 40
YEAR, MONTH, TWO_YEARS = 364, 27, 730
ROUND = "one new comment rolled up"
# Nobody else rolls up while a round is timed.
QUIET = {"PARLEY_FOLLOW_SECONDS": "3600"}


@click.command("engagement", short_help="The editors' figures at up to 1,000,000 comments.")
@click.option("--calls", type=click.IntRange(5, 10_000), default=CALLS, show_default=True)
@click.option("--largest", type=click.IntRange(1_000, 5_000_000), default=SIZES[-1])
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def engagement_command(calls: int, largest: int, out: Path) -> None:
    """Fill a stack of its own step by step and ask what editors ask, over HTTP."""
    sizes = [size for size in SIZES if size < largest] + [largest]
    timed: list[Timed] = []
    built: list[RolledUp] = []
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    try:
        with running_stack(folder, {**SETTINGS, **QUIET}) as stack:
            filled = 0
            for size in sizes:
                click.echo(f"filling to {size:,} comments ...", err=True)
                _fill(stack, filled + 1, size)
                filled = size
                built.append(_build(stack, size))
                timed += _measure(stack, size, calls)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _write(out, timed, built, calls)


def _fill(stack: RunningStack, first: int, last: int) -> None:
    engine = create_engine(stack.facts()["database_url"])
    fill_year(engine, first=first, last=last)
    engine.dispose()


def _build(stack: RunningStack, size: int) -> RolledUp:
    parts = make_parts(running_settings(str(stack.data)))
    with parts.ctx.reading() as session:
        site = find_site(session, "demo")
    started = time.perf_counter()
    cells = rebuild_engagement(parts.ctx, site_id=site.id)
    seconds = time.perf_counter() - started
    parts.engine.dispose()
    _tidy(stack)
    click.echo(f"{cells:,} days of articles counted in {seconds:.1f} s", err=True)
    return RolledUp(size, cells, seconds)


def _tidy(stack: RunningStack) -> None:
    """What autovacuum does within minutes of so many new rows."""
    engine = create_engine(stack.facts()["database_url"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _measure(stack: RunningStack, size: int, calls: int) -> list[Timed]:
    token = stack.command("token", "moderator", "bench", "--data", str(stack.data))

    def asks(path: str) -> Callable[[int], object]:
        def ask(number: int) -> None:
            answer = stack.call("GET", path, token=token)
            if answer.status >= 400:
                raise click.ClickException(f"{path} answered {answer.status}")

        return ask

    today = datetime.now(UTC).date()
    year = f"/api/v1/engagement?{_days(today, YEAR)}"
    paths = {
        "the least an answer costs: /healthz": "/healthz",
        AIM_CALL: year,
        "the site, a year by section": f"{year}&by=section",
        "the site, a year by article": f"{year}&by=article",
        "the site, a year as CSV": f"{year}&format=csv",
        "the site, two years by day": f"/api/v1/engagement?{_days(today, TWO_YEARS)}",
        "the site, 28 days": f"/api/v1/engagement?{_days(today, MONTH)}",
        "one section, a year": f"{year}&section=section-1",
        "one article, a year": f"{year}&article=bench-1",
        "active articles, 6 hours": "/api/v1/engagement/active",
    }
    rows = [_time(stack, call, size, calls, asks(path)) for call, path in paths.items()]
    return [*rows, _rounds(stack, size)]


def _days(last: date, back: int) -> str:
    return f"from={last - timedelta(days=back)}&to={last}"


def _rounds(stack: RunningStack, size: int) -> Timed:
    """How long a round takes once a comment was posted and sealed; posting is not timed."""
    parts = make_parts(running_settings(str(stack.data)))
    post = _poster(parts.ctx)
    taken, cpu = [], 0.0
    for _ in range(ROUNDS):
        post()
        seal_events(parts.ctx, limit=1_000)
        before, started = time.process_time(), time.perf_counter()
        roll_up_engagement(parts.ctx)
        taken.append((time.perf_counter() - started) * MS)
        cpu += time.process_time() - before
    parts.engine.dispose()
    # Here this process does what a worker does; PostgreSQL's part is not known.
    return _timed(ROUND, size, taken, cpu)


def _poster(ctx: Context) -> Callable[[], object]:
    """Posts a comment nobody posted before: repeats are told by their letters."""
    with ctx.reading() as session:
        site = find_site(session, "demo")
    reader = recognise_reader(ctx, site_id=site.id, external_id="poster", username="Poster")

    def post() -> object:
        letters = "".join(random.choices(ascii_lowercase, k=LETTERS))  # noqa: S311 - no secret
        return post_comment(
            ctx, site_id=site.id, article_key="bench-1", reader=reader, body=letters
        )

    return post


def _time(
    stack: RunningStack, call: str, size: int, calls: int, run: Callable[[int], object]
) -> Timed:
    for number in range(WARM_UP):
        run(number)
    taken, before = [], _cpu_seconds(stack)
    for number in range(calls):
        started = time.perf_counter()
        run(number)
        taken.append((time.perf_counter() - started) * MS)
    return _timed(call, size, taken, _cpu_seconds(stack) - before)


def _timed(call: str, size: int, taken: Sequence[float], cpu: float) -> Timed:
    p95 = quantiles(taken, n=TWENTIETHS)[-1]
    return Timed(call, size, median(taken), p95, cpu * MS / len(taken))


def _cpu_seconds(stack: RunningStack) -> float:
    """What the API and PostgreSQL have used so far."""
    total = 0.0
    for component in ("api", "postgres"):
        process = psutil.Process(stack.pid(component))
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                used = one.cpu_times()
                total += used.user + used.system
    return total


def _write(out: Path, timed: Sequence[Timed], built: Sequence[RolledUp], calls: int) -> None:
    page = as_markdown(timed, built, calls=calls, wanting=os.getloadavg()[1])
    found = {
        "machine": machine(),
        "calls": [asdict(row) for row in timed],
        "rebuilds": [asdict(row) for row in built],
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "engagement.md").write_text(page, "utf-8")
    (out / "engagement.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    click.echo(page)
