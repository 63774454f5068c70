"""`./parley bench api` and `./parley bench chaos`: whole stacks, measured and mistreated."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import psutil

from workers.bench.api import as_json, as_markdown, measure_api
from workers.bench.chaos import chaos
from workers.bench.running_stack import RunningStack, running_stack

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "var" / "benchmarks"
# What one reader may do is not what is measured here.
SETTINGS = {
    "PARLEY_COMMENT_RATE": "100000 per second",
    "PARLEY_WRITE_RATE": "100000 per second",
    "PARLEY_SCORING_LEASE_SECONDS": "15",
    "PARLEY_LOG_LEVEL": "warning",
}
GIB = 2**30


@click.command("api", short_help="Comments accepted, read and decided per second.")
@click.option("--seconds", type=click.IntRange(1, 600), default=15, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def api_command(seconds: int, out: Path) -> None:
    """Measure a stack of its own under load from this machine."""
    with own_stack() as stack:
        figures = measure_api(stack, seconds=float(seconds))
    page = as_markdown(figures, machine=machine())
    out.mkdir(parents=True, exist_ok=True)
    (out / "api.md").write_text(page, "utf-8")
    (out / "api.json").write_text(as_json(figures), "utf-8")
    click.echo(page)


@click.command("chaos", short_help="Kill parts at random; nothing accepted may be lost.")
@click.option("--comments", type=click.IntRange(1, 100_000), default=2_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def chaos_command(comments: int, seed: int, out: Path) -> None:
    """Post comments while API, workers and Redis are killed and started again."""
    with own_stack() as stack:
        ledger, verdict = chaos(stack, comments=comments, seed=seed, say=click.echo)
    lines = [
        "# Chaos",
        "",
        f"`./parley bench chaos --comments {comments} --seed {seed}` on {machine()}.",
        "",
        f"- killed with SIGKILL: {dict(ledger.kills)}",
        f"- answers: {dict(ledger.answers)}, connections refused: {ledger.refused_connections}",
        f"- accepted: {verdict.accepted}, lost: {verdict.lost}, pending at the end: "
        f"{verdict.pending}, never decided: {verdict.undecided}, decided twice: "
        f"{verdict.decided_twice}",
        f"- by status: {verdict.by_status}",
        f"- quiet {verdict.seconds_to_quiet:.1f} s after everything was up again",
        "",
    ]
    page = "\n".join(lines)
    out.mkdir(parents=True, exist_ok=True)
    (out / "chaos.md").write_text(page, "utf-8")
    click.echo(page)
    if not verdict.holds:
        raise click.ClickException("an accepted comment was lost, left pending or decided twice")


@contextmanager
def own_stack(settings: Mapping[str, str] | None = None) -> Iterator[RunningStack]:
    """A whole stack in a folder of its own, gone when the block ends.

    `settings` are PARLEY_* variables beside those every benchmark sets.
    """
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    try:
        with running_stack(folder, {**SETTINGS, **(settings or {})}) as stack:
            yield stack
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def machine() -> str:
    """What this machine is, in a few words."""
    memory = psutil.virtual_memory().total / GIB
    cores = psutil.cpu_count()
    return f"{cores} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
