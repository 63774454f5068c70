"""`./parley moderators`: accounts of the newsroom's people, for the installation's operator."""

from __future__ import annotations

import sys
from typing import Any

import click

from service.domain.errors import Invalid, NotFound, ParleyError
from service.domain.identity import Role
from service.models import Moderator
from service.queries.moderators import find_account, members_of, sites_of
from service.running_stack import (
    console_address,
    data_option,
    running_context,
    site_named,
    site_option,
)
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.create_moderator_token import create_moderator_token
from service.usecases.disable_moderator import disable_account, disable_moderator
from service.usecases.enable_moderator import enable_account, enable_moderator
from service.usecases.make_sign_in_link import make_sign_in_link
from service.usecases.set_password import set_password

ROLES = [role.value for role in Role]

_one_site = click.option("--site", help="The key of one site; without it, everywhere.")
_stdin = click.option("--password-stdin", is_flag=True, help="Read it from standard input.")


class RefusingGroup(click.Group):
    """Says what was refused in a line, with the fields that are wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. Raises ClickException for every refusal of ours."""
        try:
            return super().invoke(ctx)
        except Invalid as error:
            wrong = (f"{name}: {' '.join(said)}" for name, said in error.errors.items())
            raise click.ClickException("; ".join(wrong)) from error
        except ParleyError as error:
            raise click.ClickException(error.detail) from error


@click.group(cls=RefusingGroup)
def moderators() -> None:
    """Who moderates, and what they sign in with."""


@moderators.command("add")
@click.argument("email")
@click.option(
    "--name", required=True, help="What colleagues see; an account there is keeps its own."
)
@click.option("--role", type=click.Choice(ROLES), default=Role.MODERATOR.value, show_default=True)
@site_option
@_stdin
@data_option
def add(email: str, name: str, role: str, site: str, password_stdin: bool, data: str) -> None:
    """Give EMAIL a role at a site, with a new account or the one there is.

    On a terminal the password is asked for twice. Without one the account works with tokens.
    """
    ctx = running_context(data)
    at = site_named(ctx, site)
    account = add_moderator(
        ctx,
        site_id=at.id,
        email=email,
        name=name,
        role=Role(role),
        password=_read_password(password_stdin, may_ask=not _is_known(ctx, email)),
    )
    click.echo(f"{account.email} is {role} at {at.key}.")


@moderators.command("list")
@site_option
@data_option
def show(site: str, data: str) -> None:
    """List the moderators of a site: address, role, name, and who is disabled."""
    ctx = running_context(data)
    at = site_named(ctx, site)
    with ctx.reading() as session:
        found = members_of(session, at.id, ctx.clock())
    for member in found:
        state = "disabled" if member.is_disabled else f"{len(member.tokens)} tokens"
        columns = (member.account.email, member.membership.role, member.account.name, state)
        click.echo("\t".join(columns))


@moderators.command("password")
@click.argument("email")
@_stdin
@data_option
def password(email: str, password_stdin: bool, data: str) -> None:
    """Set the password of EMAIL and end all its sessions."""
    ctx = running_context(data)
    account = _account(ctx, email)
    given = _read_password(password_stdin, may_ask=True)
    if given is None:
        raise click.ClickException("No password was given.")
    set_password(ctx, moderator_id=account.id, password=given)
    click.echo(f"{account.email} has a new password; every session has ended.")


@moderators.command("disable")
@click.argument("email")
@_one_site
@data_option
def disable(email: str, site: str | None, data: str) -> None:
    """End the work of EMAIL at once: sessions and tokens stop."""
    ctx = running_context(data)
    account = _account(ctx, email)
    if site is None:
        disable_account(ctx, moderator_id=account.id)
    else:
        disable_moderator(ctx, site_id=site_named(ctx, site).id, moderator_id=account.id)
    click.echo(f"{account.email} is disabled {_where(site)}.")


@moderators.command("enable")
@click.argument("email")
@_one_site
@data_option
def enable(email: str, site: str | None, data: str) -> None:
    """Take back what `disable` did with the same options. Tokens stay revoked."""
    ctx = running_context(data)
    account = _account(ctx, email)
    if site is None:
        enable_account(ctx, moderator_id=account.id)
    else:
        enable_moderator(ctx, site_id=site_named(ctx, site).id, moderator_id=account.id)
    click.echo(f"{account.email} is no longer disabled {_where(site)}.")


@moderators.command("token")
@click.argument("email")
@site_option
@data_option
def token(email: str, site: str, data: str) -> None:
    """Print a new API token of EMAIL for a site, and nothing else."""
    ctx = running_context(data)
    made = create_moderator_token(
        ctx,
        site_id=site_named(ctx, site).id,
        moderator_id=_account(ctx, email).id,
        name="command line",
    )
    click.echo(made.plain)


@moderators.command("link")
@click.argument("email")
@site_option
@data_option
def link(email: str, site: str, data: str) -> None:
    """Print an address that signs EMAIL in to the console, once, within 15 minutes.

    Whoever has it is that moderator: hand it over as you would a password. EMAIL must work at
    the site named; the session holds for every site of the account.
    """
    ctx = running_context(data)
    account = _account(ctx, email)
    with ctx.reading() as session:
        keys = [at.key for at, _ in sites_of(session, account.id)]
    if site not in keys:
        raise click.ClickException(f"{account.email} does not work at {site}.")
    code = make_sign_in_link(ctx, moderator_id=account.id)
    click.echo(f"{console_address(data)}#sign-in={code}")


def _account(ctx: Context, email: str) -> Moderator:
    with ctx.reading() as session:
        return find_account(session, email)


def _is_known(ctx: Context, email: str) -> bool:
    try:
        _account(ctx, email)
    except NotFound:
        return False
    return True


def _where(site: str | None) -> str:
    return f"at {site}" if site else "everywhere"


def _read_password(from_stdin: bool, *, may_ask: bool) -> str | None:
    """The first line of standard input, or what is typed twice; None for nothing."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not may_ask or not sys.stdin.isatty():
        return None
    typed: str = click.prompt(
        "Password (empty: tokens only)",
        default="",
        show_default=False,
        hide_input=True,
        confirmation_prompt="The same again",
    )
    return typed or None
