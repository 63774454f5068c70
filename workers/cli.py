"""The commands that need models: `score`, `models` and `bench` (`./parley` hands them here)."""

from __future__ import annotations

import click

from workers.bench.cli import bench
from workers.evaluation.cli import eval_command
from workers.models_cli import models
from workers.score_cli import score


@click.group()
def cli() -> None:
    """Score comments, look after the models, measure this machine."""


cli.add_command(score)
cli.add_command(models)
cli.add_command(bench)
models.add_command(eval_command)

if __name__ == "__main__":
    cli()
