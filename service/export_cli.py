"""`./parley export`: take one's own data out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import IO

import click
import orjson

from service.domain.dsa_validation import validate_batch
from service.domain.period import Period, check_period
from service.domain.transparency import to_csv
from service.queries.decided import decided_comments
from service.queries.statements import statement_batches
from service.queries.transparency import transparency_report
from service.running_stack import data_option, running_context, site_option
from service.usecases.identify_caller import find_site

DAY = click.DateTime(formats=["%Y-%m-%d"])

_out = click.option("--out", type=click.File("wb"), default="-", help="The file to write.")
_first = click.option("--from", "first", type=DAY, required=True, help="The first day.")
_last = click.option("--to", "last", type=DAY, required=True, help="The last day, included.")


@click.group()
def export() -> None:
    """Take data out of Parley."""


@export.command()
@site_option
@data_option
@_out
def decisions(site: str, data: str, out: IO[bytes]) -> None:
    """Decided comments as JSON lines, as `./parley models eval` reads them."""
    ctx = running_context(data)
    with ctx.reading() as session:
        site_id = find_site(session, site).id
        for row in decided_comments(session, site_id=site_id):
            out.write(orjson.dumps(row) + b"\n")


@export.command()
@_first
@_last
@site_option
@data_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder to write to; it is made if it is not there.",
)
def statements(first: datetime, last: datetime, site: str, data: str, out: Path) -> None:
    """Statements of reasons for the EU's Transparency Database, a hundred in each JSON file.

    Days are days in UTC. Every batch is checked by the database's own rules first; nothing is
    written where one would be refused.
    """
    period = _period(first, last)
    ctx = running_context(data)
    with ctx.reading() as session:
        site_id = find_site(session, site).id
        found = statement_batches(session, site_id=site_id, period=period, now=ctx.clock())
        batches = [{"statements": batch} for batch in found]
    faults = [fault for batch in batches for fault in validate_batch(batch)]
    if faults:
        raise click.ClickException("The database would refuse this:\n" + "\n".join(faults))
    out.mkdir(parents=True, exist_ok=True)
    for number, batch in enumerate(batches, start=1):
        path = out / f"statements-{period.first}-{period.last}-{number:04}.json"
        path.write_bytes(orjson.dumps(batch, option=orjson.OPT_INDENT_2))
    total = sum(len(batch["statements"]) for batch in batches)
    click.echo(f"{total} statements in {len(batches)} files in {out}")


@export.command()
@_first
@_last
@site_option
@data_option
@_out
def transparency(first: datetime, last: datetime, site: str, data: str, out: IO[bytes]) -> None:
    """The figures of a transparency report as CSV (RFC 4180, UTF-8). Days are days in UTC."""
    period = _period(first, last)
    ctx = running_context(data)
    with ctx.reading() as session:
        site_id = find_site(session, site).id
        found = transparency_report(session, site_id=site_id, period=period, now=ctx.clock())
    out.write(to_csv(found).encode())


def _period(first: datetime, last: datetime) -> Period:
    return check_period(first.date(), last.date())
