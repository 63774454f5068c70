"""Settings for commands that talk to a stack that is already running."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from config.settings import PREFIX, Settings


def running_settings(data: str) -> Settings:
    """The settings of the stack in the folder `data`, or those of the environment if it has any.

    Raises ClickException where nothing runs there.
    """
    if f"{PREFIX}DATABASE_URL" in os.environ:
        return Settings.from_env(os.environ)
    folder = Path(data)
    try:
        facts = json.loads((folder / "run.json").read_text("utf-8"))
        secret = json.loads((folder / "secrets.json").read_text("utf-8"))["secret_key"]
    except FileNotFoundError as error:
        message = f"No stack runs with its data in {data}; start one with: ./parley up"
        raise click.ClickException(message) from error
    given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    return Settings.from_env(
        given
        | {
            f"{PREFIX}DATABASE_URL": facts["database_url"],
            f"{PREFIX}REDIS_URL": facts["redis_url"],
            f"{PREFIX}SECRET_KEY": secret,
        }
    )
