"""`./parley audit`: check the log against its hash chain, and print the chain's head."""

from __future__ import annotations

import re
import sys
import time

import click

from service.domain.audit_chain import Finding
from service.queries.audit import last_seal
from service.running_stack import data_option, running_context, site_option
from service.usecases.identify_caller import find_site
from service.usecases.verify_audit import Anchor, Verified, verify_audit

ANCHOR = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def _anchor(ctx: click.Context, param: click.Parameter, value: str | None) -> Anchor | None:
    """POSITION:HASH as `audit head` prints it."""
    if value is None:
        return None
    match = ANCHOR.fullmatch(value)
    if match is None:
        raise click.BadParameter("is not a position, a colon and 64 hex digits")
    return Anchor(int(match[1]), match[2])


@click.group()
def audit() -> None:
    """The append-only log and its hash chain."""


@audit.command()
@site_option
@data_option
@click.option(
    "--expect",
    metavar="POSITION:HASH",
    callback=_anchor,
    help="A head printed earlier and kept elsewhere.",
)
def verify(site: str, data: str, expect: Anchor | None) -> None:
    """Find any edited, deleted, added or reordered row; exit with 1 where there is one."""
    ctx = running_context(data)
    with ctx.reading() as session:
        site_id = find_site(session, site).id
    started = time.perf_counter()
    found = verify_audit(ctx, site_id=site_id, expect=expect)
    seconds = time.perf_counter() - started
    for line in report(found, expect):
        click.echo(line)
    click.echo(f"{found.position:,} events checked in {seconds:.1f} s")
    sys.exit(0 if found.is_sound else 1)


@audit.command()
@site_option
@data_option
def head(site: str, data: str) -> None:
    """Print POSITION:HASH of the newest seal, for keeping where nobody here can write."""
    ctx = running_context(data)
    with ctx.reading() as session:
        seal = last_seal(session, find_site(session, site).id)
    if seal is None:
        raise click.ClickException("Nothing is sealed yet.")
    click.echo(f"{seal.position}:{seal.hash}")


def report(found: Verified, expect: Anchor | None) -> list[str]:
    """What a check found, in lines for people."""
    lines = [_line(finding) for finding in found.findings]
    if found.count > len(found.findings):
        lines.append(f"and {found.count - len(found.findings):,} more")
    if expect is not None:
        verb = "stands" if found.anchor_holds else "does NOT stand: cut short or written anew"
        lines.append(f"expected head at position {expect.position} {verb}")
    if found.waiting:
        lines.append(f"{found.waiting:,} events are not sealed yet")
    state = "sound" if found.is_sound else "DAMAGED"
    lines.append(f"the chain is {state}; its head is {found.position}:{found.hash}")
    return lines


def _line(finding: Finding) -> str:
    place = f"position {finding.position}" if finding.position is not None else "no position"
    which = f", event {finding.event_id}" if finding.event_id is not None else ""
    return f"{finding.damage}: {place}{which}"
