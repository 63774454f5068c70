"""What commands need that talk to a stack which is already running."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from config.settings import PREFIX, Settings
from service.bootstrap import make_parts
from service.models import Site
from service.usecases.context import Context
from service.usecases.identify_caller import find_site

data_option = click.option(
    "--data", default="./var", show_default=True, help="The stack's data folder."
)
site_option = click.option("--site", default="demo", show_default=True, help="The key of the site.")


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
        {f"{PREFIX}PUBLIC_URL": facts["api"], f"{PREFIX}LIVE_URL": facts.get("live", "")}
        | given
        | {
            f"{PREFIX}DATABASE_URL": facts["database_url"],
            f"{PREFIX}REDIS_URL": facts["redis_url"],
            f"{PREFIX}SECRET_KEY": secret,
        }
    )


def running_context(data: str) -> Context:
    """A context for one command; its connections close when the command ends.

    Raises ClickException where nothing runs in the folder `data`.
    """
    parts = make_parts(running_settings(data))
    click.get_current_context().call_on_close(parts.engine.dispose)
    return parts.ctx


def site_named(ctx: Context, key: str) -> Site:
    """The site with this key. Raises NotFound, which the command group turns into a refusal."""
    with ctx.reading() as session:
        return find_site(session, key)


def console_address(data: str) -> str:
    """Where the moderators' console of that stack is."""
    return f"{running_settings(data).public_url.rstrip('/')}/console"
