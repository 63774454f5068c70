"""`./parley engagement`: the roll-ups behind the engagement figures."""

from __future__ import annotations

import click

from service.running_stack import data_option, running_context
from service.usecases.rebuild_engagement import rebuild_engagement, sites_to_rebuild


@click.group()
def engagement() -> None:
    """How the conversation goes: the figures' roll-ups."""


@engagement.command()
@click.option("--site", "key", help="This publication only [all].")
@data_option
def rebuild(key: str | None, data: str) -> None:
    """Count everything again from the comments; until it is done the old figures are shown."""
    ctx = running_context(data)
    for site in sites_to_rebuild(ctx, key=key):
        cells = rebuild_engagement(ctx, site_id=site.id)
        click.echo(f"{site.key}: {cells:,} days of articles counted")
