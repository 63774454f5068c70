"""`./parley token`: credentials of the local stack, for scripts and examples."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import click

from service.adapters.tokens import issue_reader_token
from service.domain.identity import Role
from service.models import Site
from service.queries.moderators import members_called
from service.running_stack import data_option, running_context
from service.usecases.add_moderator import add_moderator, tidy_name
from service.usecases.change_role import change_role
from service.usecases.context import Context
from service.usecases.create_moderator_token import create_moderator_token
from service.usecases.create_site import create_api_key
from service.usecases.identify_caller import find_site

READER_TTL = timedelta(days=1)
ID_CHARS = 16
# A name that is reserved to lead nowhere (RFC 2606): nobody gets mail there.
LOCAL_ADDRESSES = "moderators.invalid"


@click.command()
@click.argument("kind", type=click.Choice(["reader", "publisher", "moderator"]))
@click.argument("name")
@click.option("--site", default="demo", show_default=True, help="The key of the site.")
@click.option("--badge", "badges", multiple=True, help="A badge of the reader, such as staff.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    help="What the moderator may do; without it, what it was, or moderator for a new one.",
)
@data_option
def token(
    kind: str, name: str, site: str, badges: tuple[str, ...], role: str | None, data: str
) -> None:
    """Print a credential of the running stack, and nothing else."""
    ctx = running_context(data)
    with ctx.reading() as session:
        found = find_site(session, site)
    if kind == "publisher":
        click.echo(create_api_key(ctx, site_id=found.id, name=name))
        return
    if kind == "moderator":
        click.echo(_moderator_token(ctx, found, name, Role(role) if role else None))
        return
    if not found.sso_secrets:
        raise click.ClickException(f"The site {site} has no sign-in secret.")
    user = {"id": _short_hash(name), "username": name, "badges": list(badges)}
    click.echo(issue_reader_token(user, found.sso_secrets[0], READER_TTL, site=found.key))


def _moderator_token(ctx: Context, site: Site, name: str, role: Role | None) -> str:
    """A fresh token of the moderator who goes by this name at the site; made if there is none."""
    name = tidy_name(name)
    with ctx.reading() as session:
        known = members_called(session, name, site_id=site.id)
    if len(known) > 1:
        message = f"Several moderators of {site.key} are called {name}; take: ./parley moderators"
        raise click.ClickException(f"{message} token EMAIL")
    if known:
        moderator_id = known[0].id
        if role is not None:
            change_role(ctx, site_id=site.id, moderator_id=moderator_id, role=role)
    else:
        moderator_id = add_moderator(
            ctx,
            site_id=site.id,
            email=f"{_short_hash(name)}@{LOCAL_ADDRESSES}",
            name=name,
            role=role or Role.MODERATOR,
        ).id
    made = create_moderator_token(
        ctx, site_id=site.id, moderator_id=moderator_id, name="parley token"
    )
    return made.plain


def _short_hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:ID_CHARS]
