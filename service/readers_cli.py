"""`./parley readers`: what a publisher does for a reader who wrote a letter."""

from __future__ import annotations

import sys

import click

from service.models import ReaderKind
from service.queries.sanctions import find_reader
from service.running_stack import data_option, running_context
from service.usecases.erase_reader import erase_reader
from service.usecases.identify_caller import find_site


@click.group()
def readers() -> None:
    """Readers of a site."""


@readers.command()
@click.argument("publisher_id")
@click.option("--guest", is_flag=True, help="It is the id of a guest.")
@click.option("--site", default="demo", show_default=True, help="The key of the site.")
@data_option
@click.confirmation_option(prompt="Erase this reader's data for good?")
def erase(publisher_id: str, guest: bool, site: str, data: str) -> None:
    """Erase a reader, by the id the publisher's sign-in gives; says what is kept as evidence."""
    ctx = running_context(data)
    kind = ReaderKind.GUEST if guest else ReaderKind.SSO
    with ctx.reading() as session:
        site_id = find_site(session, site).id
        reader = find_reader(session, site_id=site_id, kind=kind, external_id=publisher_id)
    if reader is None:
        sys.exit("There is no reader with this id.")
    done = erase_reader(ctx, site_id=site_id, reader_id=reader.id, actor="publisher")
    click.echo(f"{done.erased:,} comments erased")
    for comment_id in done.kept:
        click.echo(f"kept as evidence: {comment_id}")
