"""`./parley bench day`: a day of comments, reports and moderation on a whole stack of its own."""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import create_engine, text

from workers.bench.day_checks import check_day
from workers.bench.day_figures import figures
from workers.bench.day_report import Day, as_markdown
from workers.bench.day_run import Pace, play_day
from workers.bench.day_world import World, deal, make_world
from workers.bench.running_stack import RunningStack, running_stack
from workers.bench.sample_run import LabelledComment, draw
from workers.bench.stack_cli import machine
from workers.evaluation.labelled import BadFile, LabelledFile, find_files, read_labelled

PAGE = Path(__file__).resolve().parents[2] / "var" / "benchmarks" / "a-day.md"
SETTINGS = {
    # A day in minutes: what one reader or moderator may do is not what is shown here.
    "PARLEY_COMMENT_RATE": "100000 per second",
    "PARLEY_WRITE_RATE": "100000 per second",
    "PARLEY_UNDO_SECONDS": "2",
    "PARLEY_SWEEP_SECONDS": "5",
    # Everybody has an address of their own, as behind a publisher's proxy.
    "PARLEY_TRUSTED_PROXIES": "1",
    "PARLEY_LOG_LEVEL": "warning",
}
SECONDS_PER_MINUTE = 60
POLICY = "SELECT policy_version FROM decision ORDER BY created_at DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class _Asked:
    command: str
    minutes: float
    pace: Pace


@click.command("day", short_help="A day of comments, reports and moderation, played through.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--comments", type=click.IntRange(10, 100_000), default=5_000, show_default=True)
@click.option("--reports", type=click.IntRange(10, 10_000), default=400, show_default=True)
@click.option("--minutes", type=click.FloatRange(0.1, 1_440), default=8, show_default=True)
@click.option(
    "--think",
    type=click.FloatRange(0, 60),
    default=1.0,
    show_default=True,
    help="Seconds a moderator looks at a comment, on average.",
)
@click.option("--errors", type=click.FloatRange(0, 0.5), default=0.04, show_default=True)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Only such rows, in files that have the column; repeatable.",
)
@click.option(
    "--unseen",
    multiple=True,
    metavar="SET",
    help="Of this set only rows kept out of compact's training; repeatable.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=PAGE)
def day_command(
    *,
    files: tuple[Path, ...],
    comments: int,
    reports: int,
    minutes: float,
    think: float,
    errors: float,
    conditions: tuple[str, ...],
    unseen: tuple[str, ...],
    seed: int,
    out: Path,
) -> None:
    """Play a day with comments of labelled FILES, in equal parts, and say what became of them.

    A file has the columns `text` and `toxic`. Readers, reporters, brigades, three moderators and a
    lead are invented and work through the API of a stack of its own. Figures are written to
    [var/benchmarks/a-day.md] with JSON beside it, never a text. Exits with 1 where something that
    must hold does not.
    """
    try:
        found = [read_labelled(path) for path in find_files(list(files))]
        texts = deal(_draw(found, conditions, unseen, seed), comments)
    except (BadFile, ValueError) as error:
        raise click.ClickException(str(error)) from error
    options = [f"--comments {comments} --reports {reports} --minutes {minutes:g} --think {think:g}"]
    options += [f"--errors {errors:g}", *(f"--where {one}" for one in conditions)]
    options += [*(f"--unseen {one}" for one in unseen), f"--seed {seed}"]
    names = " ".join(file.path.name for file in found)
    asked = _Asked(
        command=f"./parley bench day {names} {' '.join(options)}",
        minutes=minutes,
        pace=Pace(minutes * SECONDS_PER_MINUTE, think, errors),
    )
    day = _in_own_stack(make_world(texts, reports=reports, seed=seed), asked)
    page = as_markdown(day)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, "utf-8")
    data = json.dumps(day.as_data(), indent=1, ensure_ascii=False)
    out.with_suffix(".json").write_text(f"{data}\n", "utf-8")
    click.echo(page)
    sys.exit(0 if day.holds else 1)


def _draw(
    files: Sequence[LabelledFile], conditions: Sequence[str], unseen: Sequence[str], seed: int
) -> list[list[LabelledComment]]:
    """All usable rows of each file, mixed by the seed. Raises BadFile for an unknown set."""
    unknown = set(unseen) - {file.name for file in files}
    if unknown:
        raise BadFile(f"no file of the set {', '.join(sorted(unknown))}")
    sets = [draw(file, conditions, file.name in unseen, len(file.rows), seed) for file in files]
    for texts in sets:
        random.Random(seed).shuffle(texts)  # noqa: S311 - repeatable
    return sets


def _in_own_stack(world: World, asked: _Asked) -> Day:
    folder = Path(tempfile.mkdtemp(prefix="parley-day-"))
    try:
        with running_stack(folder, SETTINGS) as stack:
            return _play(stack, world, asked)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _play(stack: RunningStack, world: World, asked: _Asked) -> Day:
    models = stack.call("GET", "/readyz").json["models"]
    ledger, seconds = play_day(stack, world, asked.pace, lambda said: click.echo(said, err=True))
    engine = create_engine(stack.facts()["database_url"])
    try:
        with engine.connect() as connection:
            checks = check_day(connection, stack)
            found = figures(connection, ledger)
            policy = str(connection.execute(text(POLICY)).scalar_one())
    finally:
        engine.dispose()
    return Day(
        command=asked.command,
        machine=machine(),
        models={task: f"{model['name']} {model['version']}" for task, model in models.items()},
        policy=policy,
        asked={
            "comments": len(world.comments),
            "toxic": sum(comment.toxic for comment in world.comments),
            "reports": world.reports,
            "minutes": asked.minutes,
            "think_seconds": asked.pace.think_seconds,
            "error_rate": asked.pace.error_rate,
            "seed": world.seed,
            "seconds_to_scored": round(seconds, 1),
            "seconds_in_all": round(ledger.seconds, 1),
        },
        figures=found,
        checks=checks,
    )
