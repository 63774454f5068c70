"""`./parley score`: explain one comment, or score lines of JSON, without a server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from config.settings import Settings, SettingsError
from service.adapters.guideline_file import GuidelineFileError, load_policy
from service.domain.scoring import Engine
from workers.engine_settings import settings_without_servers
from workers.score_report import as_json, show
from workers.scorers.engine import load_engine
from workers.scorers.scorer_errors import ModelError
from workers.scoring_desk import ScoringDesk, Submission
from workers.submission_lines import BadInput, Line, read_article, read_lines

# Enough lines that texts of like length find each other, few enough to keep them coming.
LINES_AT_ONCE = 256
READERS = {"new": 0, "known": 10}


@click.command()
@click.argument("text", required=False)
@click.option(
    "--article",
    "article_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The article: text whose first line is the title, or JSON {title, body}.",
)
@click.option("--parent", "parents", multiple=True, help="The comment it answers; nearest first.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.option("--batch", is_flag=True, help="Score lines of JSON from standard input.")
@click.option(
    "--reader",
    type=click.Choice(list(READERS)),
    default="new",
    show_default=True,
    help="Decide as for a reader without, or with, approved comments.",
)
def score(
    *,
    text: str | None,
    article_file: Path | None,
    parents: tuple[str, ...],
    json_: bool,
    batch: bool,
    reader: str,
) -> None:
    """Score a comment and say what the guidelines make of it.

    With --batch: reads lines {id, text, article?: {title, body}, parents?: [text]} and writes
    one line for each, in order. A bad line is answered by an error; the status is then 1.
    """
    if batch == (text is not None):
        raise click.UsageError('Give either "text" or --batch.')
    try:
        settings = settings_without_servers()
        article = read_article(article_file) if article_file else None
        engine = load_engine(settings)
        desk = _desk(settings, engine, READERS[reader])
    except (SettingsError, ModelError, GuidelineFileError, BadInput) as error:
        raise click.ClickException(str(error)) from error
    if batch:
        sys.exit(_score_lines(desk, engine))
    submission = Submission(text or "", article, parents)
    verdict = desk.judge([submission])[0]
    if json_:
        click.echo(_line(as_json(None, verdict, engine.models), indent=2))
    else:
        show(Console(), submission.text, verdict, engine.models)


def _desk(settings: Settings, engine: Engine, approved_count: int) -> ScoringDesk:
    return ScoringDesk(engine, load_policy(settings.guidelines_file), approved_count=approved_count)


def _score_lines(desk: ScoringDesk, engine: Engine) -> int:
    """Answer every line of standard input; 1 where any of them was bad."""
    status = 0
    for lines in _chunks(read_lines(sys.stdin.buffer), LINES_AT_ONCE):
        verdicts = iter(desk.judge([line.submission for line in lines if line.submission]))
        for line in lines:
            if line.submission is None:
                status = 1
                answer: dict[str, Any] = {"id": line.id, "error": line.error}
            else:
                answer = as_json(line.id, next(verdicts), engine.models)
            click.echo(_line(answer))
    return status


def _chunks(lines: Iterable[Line], size: int) -> Iterator[Sequence[Line]]:
    iterator = iter(lines)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _line(value: dict[str, Any], indent: int | None = None) -> str:
    # A lone surrogate cannot be written as UTF-8; as an escape it can.
    return json.dumps(value, ensure_ascii=True, indent=indent)
