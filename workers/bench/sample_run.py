"""`./parley bench sample`: labelled comments through a whole stack, and what became of them."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import click

from service.adapters.tokens import issue_reader_token
from service.seed import DEMO_ARTICLE, DEMO_SITE, demo_secret
from workers.bench.running_stack import RunningStack, running_stack
from workers.bench.sample_report import Fate, Sample, as_markdown
from workers.evaluation.labelled import BadFile, LabelledFile, find_files, read_labelled
from workers.evaluation.rows import text_rows
from workers.scorers.training.corpus import is_kept_out

ACCEPTED = 202
DECIDED_WITHIN_SECONDS = 900.0
POLL_SECONDS = 0.2
TOKEN_TTL = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LabelledComment:
    """A comment from a labelled file: the set it is from, its text and its label."""

    set_name: str
    text: str
    toxic: bool


@click.command("sample", short_help="Real labelled comments and what became of them.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--rows",
    type=click.IntRange(1, 100_000),
    default=250,
    show_default=True,
    help="Rows drawn from each file.",
)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Only such rows, in files that have the column; repeatable.",
)
@click.option("--unseen", is_flag=True, help="Only rows kept out of compact's training.")
@click.option("--seed", default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Also write it here.")
def sample(
    *,
    files: tuple[Path, ...],
    rows: int,
    conditions: tuple[str, ...],
    unseen: bool,
    seed: int,
    out: Path | None,
) -> None:
    """Post comments of labelled FILES to a stack of its own and count what became of them.

    A file has the columns `text` and `toxic`. All comments go under the demo article, each from a
    reader of its own. Figures are printed, never a text.
    """
    try:
        paths = find_files(list(files))
        comments = [
            comment
            for path in paths
            for comment in draw(read_labelled(path), conditions, unseen, rows, seed)
        ]
    except BadFile as error:
        raise click.ClickException(str(error)) from error
    result = run_in_own_stack(comments)
    options = [f"--rows {rows}", *(f"--where {condition}" for condition in conditions)]
    options += ["--unseen"] * unseen + [f"--seed {seed}"]
    names = " ".join(path.name for path in paths)
    page = as_markdown(result, f"./parley bench sample {names} {' '.join(options)}")
    if out is not None:
        out.write_text(page, "utf-8")
    click.echo(page)


def draw(
    file: LabelledFile, conditions: Sequence[str], unseen: bool, rows: int, seed: int
) -> list[LabelledComment]:
    """At most `rows` usable rows of a file, drawn by `seed`.

    Args:
        conditions: `COLUMN=VALUE`; one whose column the file does not have is passed over.
        unseen: whether to leave out what the shipped model may have been trained on.

    Raises BadFile where no row is left, ClickException for a condition that is not one.
    """
    wanted = dict(_condition(condition) for condition in conditions)
    fitting = tuple(
        row
        for row in file.rows
        if all(row.fields.get(column, value) == value for column, value in wanted.items())
        and not (unseen and not is_kept_out(str(row.fields.get("text", ""))))
    )
    if not fitting:
        raise BadFile(f"{file.path}: no row fits")
    usable = text_rows(replace(file, rows=fitting), limit=rows, seed=seed)
    return [
        LabelledComment(file.name, text, bool(toxic))
        for text, toxic in zip(usable.texts, usable.toxic, strict=True)
    ]


def run_in_own_stack(comments: Sequence[LabelledComment]) -> Sample:
    """Start a stack, run the comments through it, stop and delete it."""
    folder = Path(tempfile.mkdtemp(prefix="parley-sample-"))
    try:
        with running_stack(folder, {"PARLEY_LOG_LEVEL": "warning"}) as stack:
            return run(stack, comments)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(stack: RunningStack, comments: Sequence[LabelledComment]) -> Sample:
    """Post each comment as a reader of its own and wait until all are decided.

    Raises TimeoutError where some are still pending after DECIDED_WITHIN_SECONDS.
    """
    secrets = json.loads((stack.data / "secrets.json").read_text("utf-8"))
    secret = demo_secret(secrets["secret_key"])
    began = time.monotonic()
    posted = [
        _post(stack, secret, number, comment) for number, comment in enumerate(comments, start=1)
    ]
    seconds_to_post = time.monotonic() - began
    end = began + DECIDED_WITHIN_SECONDS
    fates = [
        answer if isinstance(answer, Fate) else _fate(stack, comment, *answer, end)
        for comment, answer in zip(comments, posted, strict=True)
    ]
    models = stack.call("GET", "/readyz").json["models"]
    return Sample(
        fates=fates,
        models={task: f"{model['name']} {model['version']}" for task, model in models.items()},
        seconds_to_post=seconds_to_post,
        seconds_to_all_decided=time.monotonic() - began,
    )


def _condition(condition: str) -> tuple[str, str]:
    column, equals, value = condition.partition("=")
    if not column or not equals:
        raise click.ClickException(f"--where takes COLUMN=VALUE, not {condition}")
    return column, value


def _post(
    stack: RunningStack, secret: str, number: int, comment: LabelledComment
) -> Fate | tuple[str, str]:
    """The token and id of a comment that was taken, else what became of it at once."""
    user = {"id": f"sample-{number}", "username": f"Reader {number}"}
    token = issue_reader_token(user, secret, TOKEN_TTL, site=DEMO_SITE)
    path = f"/api/v1/articles/{DEMO_ARTICLE}/comments"
    answer = stack.call("POST", path, token=token, body={"body": comment.text}, seconds=60)
    if answer.status == ACCEPTED:
        return token, answer.json["id"]
    code = (answer.json or {}).get("code", str(answer.status))
    return Fate(comment.set_name, comment.toxic, "not taken", code, ())


def _fate(
    stack: RunningStack, comment: LabelledComment, token: str, comment_id: str, end: float
) -> Fate:
    while time.monotonic() < end:
        answer = stack.call("GET", f"/api/v1/comments/{comment_id}", token=token, seconds=60)
        if answer.json["status"] != "pending":
            outcome = answer.json["outcome"]
            return Fate(
                comment.set_name,
                comment.toxic,
                answer.json["status"],
                outcome["action"],
                tuple(outcome["rules"]),
                outcome["policy_version"],
            )
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"not all comments were decided within {DECIDED_WITHIN_SECONDS:.0f} s")
