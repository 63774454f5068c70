"""`./parley models eval`: measure a scorer on labelled files, print it and save it."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TextColumn, TimeElapsedColumn

from service.domain.errors import Invalid, ParleyError
from workers.evaluation.candidate import Progress
from workers.evaluation.guidelines import drifting, thresholds_of
from workers.evaluation.labelled import find_files
from workers.evaluation.loading import load_candidate
from workers.evaluation.run import Announce, Plan, evaluate, explain
from workers.evaluation.saving import save, show
from workers.evaluation.thresholds import Threshold, toxicity_threshold

ROOT = Path(__file__).resolve().parents[2]
GUIDELINES = ROOT / "config" / "guidelines.yaml"
OUT = ROOT / "var" / "evaluation"
PIPED_WIDTH = 150  # characters per line where the tables go to a file or another program
PACKAGES = ("numpy", "onnxruntime", "tokenizers")


@click.command("eval", short_help="Measure a scorer on labelled files.")
@click.option(
    "--scorer",
    default="auto",
    show_default=True,
    help="auto, compact, cascade, detoxify-…, or package.module:factory.",
)
@click.option("--compare", help="A second scorer, measured on the same rows in the same run.")
@click.option(
    "--data",
    "data",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A labelled file or a folder of them; repeatable.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=OUT,
    help="Folder for the Markdown page, the JSON and the plots [var/evaluation].",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most this many rows of each file.")
@click.option(
    "--threshold",
    "threshold",
    multiple=True,
    type=click.FloatRange(0, 1),
    help="Measure at this toxicity instead of the guidelines' numbers; repeatable.",
)
@click.option(
    "--guidelines",
    type=click.Path(path_type=Path, dir_okay=False),
    default=GUIDELINES,
    help="Guideline file whose thresholds are used [config/guidelines.yaml].",
)
@click.option("--seed", default=1, show_default=True, help="Draws rows, disguises and intervals.")
@click.option("--quiet", is_flag=True, help="Save only: no tables in the terminal.")
def eval_command(
    *,
    scorer: str,
    compare: str | None,
    data: tuple[Path, ...],
    out: Path,
    limit: int | None,
    threshold: tuple[float, ...],
    guidelines: Path,
    seed: int,
    quiet: bool,
) -> None:
    """Measure a scorer on labelled files; print tables and save Markdown, JSON and plots.

    A file is CSV or JSON lines, plain or .gz, with the columns text and toxic (0 or 1). Columns
    such as insult or identity_hate are measured as sub-labels, source and sampling as slices;
    functionality makes a HateCheck table and template an identity-term table. Pairs
    (comment_text, article_text, label_on_topic) measure relevance and threads of comments
    measure drift. `./parley export decisions` writes your own decisions in this form.
    """
    errors = Console(stderr=True)
    try:
        thresholds = _thresholds(threshold, guidelines)
        paths = find_files(list(data))
        candidates = [load_candidate(name) for name in (scorer, compare) if name]
        with _progress(errors) as announce:
            report = evaluate(
                paths,
                candidates,
                Plan(thresholds, drifting, seed, limit, frozenset(data) & frozenset(paths)),
                made=_made(scorer, compare, data, limit, threshold, seed),
                announce=announce,
                complain=lambda message: errors.print(f"[yellow]skipped:[/] {message}"),
            )
        written = save(report, out)
    except ParleyError as error:
        raise click.ClickException(explain(error)) from error
    if not quiet:
        watched = Console()
        show(report, watched if watched.is_terminal else Console(width=PIPED_WIDTH))
    for path in written:
        click.echo(str(path))


def _thresholds(given: tuple[float, ...], guidelines: Path) -> list[Threshold]:
    if given:
        return [toxicity_threshold(value) for value in sorted(set(given))]
    found = thresholds_of(guidelines)
    if not found:
        raise Invalid({"guidelines": [f"{guidelines} compares no score: give --threshold"]})
    return found


def _made(
    scorer: str,
    compare: str | None,
    data: tuple[Path, ...],
    limit: int | None,
    threshold: tuple[float, ...],
    seed: int,
) -> dict[str, str]:
    """How to make the report again. Absolute folders are left out: they name one machine."""
    words = ["./parley", "models", "eval", "--scorer", scorer]
    words += ["--compare", compare] if compare else []
    for path in data:
        words += ["--data", path.name if path.is_absolute() else str(path)]
    words += ["--limit", str(limit)] if limit else []
    for value in threshold:
        words += ["--threshold", f"{value:g}"]
    words += ["--seed", str(seed)]
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return {
        "command": shlex.join(words),
        "date": today,
        **{name: version(name) for name in PACKAGES},
        "seed": str(seed),
    }


@contextmanager
def _progress(console: Console) -> Iterator[Announce]:
    """One line per file: with a running count of texts in a terminal, as it begins elsewhere."""
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed:,.0f}"),
               TimeElapsedColumn())  # fmt: skip
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:

        def announce(what: str) -> Progress:
            if not console.is_terminal:
                console.print(what)
            task = bars.add_task(what, total=None)
            return lambda done: bars.advance(task, done)

        yield announce
