"""The command line, besides `up` (service.local) and what needs models (workers.cli)."""

from __future__ import annotations

import sys

import click

from config.settings import SettingsError
from service.adapters.database import make_engine, upgrade
from service.adapters.guideline_file import GuidelineFileError
from service.audit_cli import audit
from service.bootstrap import make_parts, settings_from_environment
from service.demo_cli import seed_demo_command
from service.domain.errors import ParleyError
from service.engagement_cli import engagement
from service.export_cli import export
from service.guidelines_cli import guidelines
from service.moderators_cli import moderators
from service.readers_cli import readers
from service.token_cli import token
from service.usecases.create_site import create_api_key, create_site
from service.webhooks_cli import webhooks


@click.group()
def cli() -> None:
    """Parley: comments for newsrooms, scored, decided and explained."""


@cli.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    settings = settings_from_environment()
    upgrade(make_engine(settings.database_url, pool_size=2))
    click.echo("The database is up to date.")


@cli.group()
def sites() -> None:
    """Publications."""


@sites.command("add")
@click.argument("key")
@click.option("--name", required=True, help="The publication's name.")
@click.option("--domain", "domains", multiple=True, help="A domain of its own; repeatable.")
@click.option("--guests/--no-guests", default=False, help="Whether guests may comment.")
@click.option("--sso-secret", help="The HS256 secret its sign-in tokens are signed with.")
def add_site(
    key: str, name: str, domains: tuple[str, ...], guests: bool, sso_secret: str | None
) -> None:
    """Add a publication and print an API key for it, once."""
    ctx = make_parts(settings_from_environment()).ctx
    site = create_site(
        ctx, key=key, name=name, domains=domains, guests_allowed=guests, sso_secret=sso_secret
    )
    click.echo(create_api_key(ctx, site_id=site.id, name="first"))


cli.add_command(seed_demo_command)
cli.add_command(guidelines)
cli.add_command(moderators)
cli.add_command(token)
cli.add_command(engagement)
cli.add_command(export)
cli.add_command(audit)
cli.add_command(readers)
cli.add_command(webhooks)


def main() -> None:
    """Run a command; what was refused is said in a line, without a trace."""
    try:
        cli.main(prog_name="parley", standalone_mode=True)
    except (SettingsError, GuidelineFileError) as error:
        sys.exit(str(error))
    except ParleyError as error:
        sys.exit(error.detail)


if __name__ == "__main__":
    main()
