"""`./parley export`: take one's own data out."""

from __future__ import annotations

from typing import IO

import click
import orjson

from service.bootstrap import make_parts
from service.queries.decided import decided_comments
from service.running_stack import running_settings
from service.usecases.identify_caller import find_site


@click.group()
def export() -> None:
    """Take data out of Parley."""


@export.command()
@click.option("--site", default="demo", show_default=True, help="The key of the site.")
@click.option("--data", default="./var", show_default=True, help="The stack's data folder.")
@click.option("--out", type=click.File("wb"), default="-", help="The file to write.")
def decisions(site: str, data: str, out: IO[bytes]) -> None:
    """Decided comments as JSON lines, as `./parley models eval` reads them."""
    ctx = make_parts(running_settings(data)).ctx
    with ctx.reading() as session:
        site_id = find_site(session, site).id
        for row in decided_comments(session, site_id=site_id):
            out.write(orjson.dumps(row) + b"\n")
