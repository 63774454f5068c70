"""Commands that look at models: score, models, bench, doctor (`./parley` hands them here)."""

from __future__ import annotations

import click

from workers.bench.cli import bench
from workers.doctor_cli import doctor
from workers.evaluation.cli import eval_command
from workers.models_cli import models
from workers.score_cli import score
from workers.shadow_cli import shadow_command


@click.group()
def cli() -> None:
    """Score comments, look after the models, measure and examine this machine."""


cli.add_command(score)
cli.add_command(models)
cli.add_command(bench)
cli.add_command(doctor)
models.add_command(eval_command)
models.add_command(shadow_command)

if __name__ == "__main__":
    cli()
