"""Command line of the one-machine stack; `./parley up` ends up here."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from service.local.up import Wishes, up

_HIGHEST_PORT = 65_535


@click.group()
def cli() -> None:
    """Parley on one machine."""


@cli.command("up")
@click.option("--port", type=click.IntRange(1, _HIGHEST_PORT), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var"),
    show_default=True,
    help="Folder for everything Parley keeps.",
)
@click.option("--demo/--no-demo", default=True, show_default=True, help="Seed a demo article.")
@click.option(
    "--conversation/--no-conversation",
    default=True,
    show_default=True,
    help="Have the demo's people write and moderate, once.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    envvar="PARLEY_LOG_LEVEL",
    show_default=True,
)
def up_command(
    port: int, host: str, data: Path, demo: bool, conversation: bool, log_level: str
) -> None:
    """Start PostgreSQL, Valkey, API, workers and beat, and keep them running."""
    wishes = Wishes(
        host=host, port=port, data=data, demo=demo, conversation=conversation, log_level=log_level
    )
    sys.exit(up(wishes, click.echo))


if __name__ == "__main__":
    cli(prog_name="./parley")
