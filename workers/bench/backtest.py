"""`./parley bench backtest`: how fast a guideline file is replayed over decided comments."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import click

from service.bootstrap import make_parts
from service.domain.guideline import Policy
from service.running_stack import running_settings
from service.seed import DEMO_SITE
from service.usecases.activate_guidelines import candidate
from service.usecases.backtest_guidelines import backtest_guidelines
from service.usecases.context import Context
from service.usecases.identify_caller import find_site
from workers.bench.decided_history import fill
from workers.bench.stack_cli import PAGES, machine, own_stack

SIZES = (1_000, 10_000, 100_000)
TO_REACH_SECONDS = 60
# Each candidate differs from the shipped file by these replacements (all must be found).
CANDIDATES: Mapping[str, Mapping[str, str]] = {
    "a threshold changed": {
        "scores.toxicity >= 0.80\n": "scores.toxicity >= 0.70\n",
        "{toxicity: 0.79}": "{toxicity: 0.69}",
    },
    "a list changed, every text matched again": {
        "spam_phrases: {type: words, file: lists/spam_phrases.txt}": (
            "spam_phrases: {type: words, entries: [free delivery, the timetable]}"
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Replay:
    """One candidate replayed over so many comments."""

    candidate: str
    comments: int
    seconds: float
    cpu_seconds: float
    changed: int
    rematched: int

    @property
    def per_second(self) -> float:
        """Comments decided again per second."""
        return self.comments / self.seconds


@click.command("backtest", short_help="Decided comments replayed per second.")
@click.option("--comments", type=click.IntRange(SIZES[0], 1_000_000), default=SIZES[-1])
@click.option("--seed", default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def backtest_command(comments: int, seed: int, out: Path) -> None:
    """Fill a stack of its own with decided comments and replay changed guidelines over them."""
    with own_stack() as stack:
        ctx = make_parts(running_settings(str(stack.data))).ctx
        replays = measure_backtest(ctx, comments=comments, seed=seed)
    page = _page(replays, command=f"./parley bench backtest --comments {comments} --seed {seed}")
    out.mkdir(parents=True, exist_ok=True)
    (out / "backtest.md").write_text(page, "utf-8")
    figures = [asdict(replay) for replay in replays]
    (out / "backtest.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    click.echo(page)


def measure_backtest(ctx: Context, *, comments: int, seed: int) -> list[Replay]:
    """Store decided comments at the demo site and replay every candidate over each size."""
    with ctx.reading() as session:
        site_id = find_site(session, DEMO_SITE).id
    fill(ctx, site_id=site_id, count=comments, seed=seed)
    sizes = [size for size in SIZES if size <= comments]
    replays = []
    for name, changes in CANDIDATES.items():
        source = _changed(ctx.policy(), changes)
        policy = candidate(ctx, site_id=site_id, source=source, lists=None)
        for size in sizes:
            replays.append(_replayed(ctx, name, site_id, policy, size))
    return replays


def _replayed(ctx: Context, name: str, site_id: UUID, policy: Policy, size: int) -> Replay:
    before = time.process_time()
    run = backtest_guidelines(ctx, site_id=site_id, candidate=policy, limit=size, examples=10)
    return Replay(
        candidate=name,
        comments=run.found.comments,
        seconds=run.seconds,
        cpu_seconds=time.process_time() - before,
        changed=run.found.changed,
        rematched=run.rematched,
    )


def _changed(policy: Policy, changes: Mapping[str, str]) -> str:
    source = policy.source
    for old, new in changes.items():
        if old not in source:
            raise click.ClickException(f"the guideline file has no '{old.strip()}' any more")
        source = source.replace(old, new)
    return source


def _page(replays: list[Replay], *, command: str) -> str:
    rows = [
        f"| {r.candidate} | {r.comments:,} | {r.seconds:.1f} | {r.cpu_seconds:.1f} "
        f"| {r.per_second:,.0f} | {r.changed:,} | {r.rematched:,} |"
        for r in replays
    ]
    return "\n".join(
        [
            "# Replaying guidelines over decided comments",
            "",
            f"Measured by `{command}` on {machine()}; PostgreSQL ran on the same machine.",
            f"To reach: {SIZES[-1]:,} comments in less than {TO_REACH_SECONDS} seconds.",
            f"Processes that wanted a core at the end, on average: {os.getloadavg()[1]:.1f}.",
            "",
            "| candidate | comments | seconds | of CPU | comments/s | would change | texts read |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
            "The comments are invented, a thousand of them decided by the shipped rules and the "
            "others copies of these; one in twenty was also decided by a person. Every signal is "
            "the stored one; only where a list differs from the version that decided are texts "
            "read and matched again. `of CPU` is what the replay itself kept one core busy; the "
            "rest is PostgreSQL's work and, on a busy machine, waiting.",
            "",
        ]
    )
