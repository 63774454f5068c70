"""`./parley token`: credentials of the local stack, for scripts and examples."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import click

from service.adapters.tokens import issue_reader_token
from service.bootstrap import make_parts
from service.running_stack import running_settings
from service.usecases.create_site import create_api_key
from service.usecases.identify_caller import find_site

READER_TTL = timedelta(days=1)
ID_CHARS = 16


@click.command()
@click.argument("kind", type=click.Choice(["reader", "publisher"]))
@click.argument("name")
@click.option("--site", default="demo", show_default=True, help="The key of the site.")
@click.option("--badge", "badges", multiple=True, help="A badge of the reader, such as staff.")
@click.option("--data", default="./var", show_default=True, help="The stack's data folder.")
def token(kind: str, name: str, site: str, badges: tuple[str, ...], data: str) -> None:
    """Print a credential of the running stack, and nothing else."""
    ctx = make_parts(running_settings(data)).ctx
    with ctx.reading() as session:
        found = find_site(session, site)
    if kind == "publisher":
        click.echo(create_api_key(ctx, site_id=found.id, name=name))
        return
    if not found.sso_secrets:
        raise click.ClickException(f"The site {site} has no sign-in secret.")
    reader_id = hashlib.sha256(name.encode()).hexdigest()[:ID_CHARS]
    user = {"id": reader_id, "username": name, "badges": list(badges)}
    click.echo(issue_reader_token(user, found.sso_secrets[0], READER_TTL, site=found.key))
