"""`./parley bench`: one subcommand per thing measured."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from workers.bench import scoring, scoring_report
from workers.bench.backtest import backtest_command
from workers.bench.day import day_command
from workers.bench.desk import desk_command
from workers.bench.engagement import engagement_command
from workers.bench.live import live_command
from workers.bench.reports import reports_command
from workers.bench.sample_run import sample
from workers.bench.scoring_routes import ROUTES
from workers.bench.stack_cli import api_command, chaos_command
from workers.bench.widget import widget_command
from workers.scorers.engine import usable_cores

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "var" / "benchmarks" / "scoring.md"


@click.group()
def bench() -> None:
    """Measure this machine. Each command compares its subjects within one run."""


@bench.command("scoring", short_help="Comments per second of every way of scoring.")
@click.option("--rounds", type=click.IntRange(1, 100), default=3, show_default=True)
@click.option(
    "--comments",
    type=click.IntRange(8, 10_000),
    default=64,
    show_default=True,
    help="Comments per round.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=None,
    help="Threads per route [the cores this process may use].",
)
@click.option(
    "--only",
    "only",
    multiple=True,
    type=click.Choice(tuple(ROUTES)),
    help="Measure this route only; repeatable.",
)
@click.option(
    "--unsure",
    type=click.FloatRange(0, 1),
    default=0.07,
    show_default=True,
    help="Share of comments for which the cascade asks Detoxify.",
)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the built checkpoint (1.5 GB) here for another run.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=PAGE,
    help="The Markdown page; JSON goes beside it [var/benchmarks/scoring.md].",
)
def scoring_command(
    *,
    rounds: int,
    comments: int,
    threads: int | None,
    only: tuple[str, ...],
    unsure: float,
    seed: int,
    workspace: Path | None,
    out: Path,
) -> None:
    """Compare Detoxify as its users call it with every route of Parley, in interleaved rounds.

    The Detoxify routes need requirements/detoxify.txt; the table says so where it is absent.
    """
    console = Console(stderr=True)
    options = scoring.Options(
        routes=[name for name in ROUTES if not only or name in only],
        rounds=rounds,
        comments=comments,
        threads=threads or usable_cores(),
        seed=seed,
        unsure_share=unsure,
        models_dir=ROOT / "var" / "models",
        workspace=workspace.resolve() if workspace else None,
    )
    outcome = scoring.run(options, lambda text: console.print(text, style="dim"))
    scoring_report.show(outcome, Console(width=160))
    command = f"./parley bench scoring --rounds {rounds} --comments {comments} --unsure {unsure:g}"
    for path in scoring_report.save(outcome, out, f"{command} --seed {seed}"):
        click.echo(str(path))


bench.add_command(api_command)
bench.add_command(backtest_command)
bench.add_command(chaos_command)
bench.add_command(day_command)
bench.add_command(desk_command)
bench.add_command(engagement_command)
bench.add_command(live_command)
bench.add_command(reports_command)
bench.add_command(sample)
bench.add_command(widget_command)
