"""`parley guidelines …` on a running stack: replay a file, put it in force, go back, look."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click

from service.adapters.guideline_file import GuidelineFileError, load_policy
from service.domain.backtest import AgainstPeople, Backtest
from service.domain.errors import Invalid
from service.domain.guideline import Policy
from service.models import Site
from service.queries.decided_signals import excerpts
from service.queries.guideline_versions import ListedVersion, version_page
from service.running_stack import data_option, running_context
from service.usecases.activate_guidelines import activate_guidelines
from service.usecases.backtest_guidelines import BacktestRun, backtest_guidelines
from service.usecases.context import Context
from service.usecases.count_shadow_rules import count_shadow_rules
from service.usecases.identify_caller import find_site
from service.usecases.roll_back_guidelines import roll_back_guidelines

MAX_LIMIT = 10_000_000
RULES_SHOWN = 15
VERSIONS_SHOWN = 50

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
_site = click.option("--site", "site_key", default="demo", show_default=True, help="Its key.")
_note = click.option("--note", required=True, help="Why, for the colleagues.")


@click.command()
@_file
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=10_000, show_default=True)
@click.option("--examples", type=click.IntRange(0, 1_000), default=10, show_default=True)
@_site
@data_option
def backtest(file: Path, limit: int, examples: int, site_key: str, data: str) -> None:
    """Replay FILE over the newest decided comments with their stored signals.

    Says what would change, which rules change it, and how far that agrees with what people
    decided. Changes nothing.
    """
    candidate = _loaded(file)
    ctx, site = _site_of(data, site_key)
    run = backtest_guidelines(
        ctx, site_id=site.id, candidate=candidate, limit=limit, examples=examples
    )
    _say_backtest(run)
    named = run.found.shown_examples()
    with ctx.reading() as session:
        texts = excerpts(session, [item.comment_id for item in named], site_id=site.id)
    for item in named:
        said = f", a person: {item.person}" if item.person else ""
        rules = ", ".join(sorted(item.rules_after)) or "no rule"
        click.echo(f"\n  {item.comment_id}  {item.before} → {item.after} ({rules}{said})")
        click.echo(f"    {' '.join(texts.get(item.comment_id, '').split())}")


@click.command()
@_file
@_note
@_site
@data_option
def activate(file: Path, note: str, site_key: str, data: str) -> None:
    """Put FILE in force at a site; every process follows within five seconds."""
    candidate = _loaded(file)
    ctx, site = _site_of(data, site_key)
    try:
        policy = activate_guidelines(
            ctx,
            site_id=site.id,
            source=candidate.source,
            lists=candidate.list_files,
            note=note,
            moderator_id=None,
        )
    except Invalid as error:
        _refuse([f"{file}: {line}" for lines in error.errors.values() for line in lines])
    click.echo(f"Version {policy.version} ({policy.label}) is in force at {site_key}.")


@click.command()
@_note
@click.option("--to", "to_version", help="A version, or `installation` [the one before].")
@_site
@data_option
def rollback(note: str, to_version: str | None, site_key: str, data: str) -> None:
    """Put the version before in force again, or the one named."""
    ctx, site = _site_of(data, site_key)
    policy = roll_back_guidelines(
        ctx, site_id=site.id, note=note, moderator_id=None, to_version=to_version
    )
    click.echo(f"Version {policy.version} ({policy.label}) is in force at {site_key}.")


@click.command()
@_site
@data_option
def versions(site_key: str, data: str) -> None:
    """List the versions of a site's guidelines, newest first, with when and why each came."""
    ctx, site = _site_of(data, site_key)
    in_force = ctx.policy(site.id).version
    with ctx.reading() as session:
        page = version_page(session, site_id=site.id, after=None, limit=VERSIONS_SHOWN)
    for row in page.versions:
        _say_version(row, is_in_force=row.version == in_force)
    if problem := ctx.policy.problem(site.id):
        click.echo(f"{problem}: {in_force} is in force instead", err=True)


@click.command()
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True)
@_site
@data_option
def shadow(days: int, site_key: str, data: str) -> None:
    """Count what the rules in shadow would have done, and how far people agree with them."""
    ctx, site = _site_of(data, site_key)
    for counts in count_shadow_rules(ctx, site_id=site.id, days=days):
        click.echo(f"{counts.rule}: matched {counts.matched:,} in {days} days")
        for (before, after), count in counts.changes.most_common():
            click.echo(f"  {before} → {after}: {count:,}")
        click.echo(f"  {_agreement(counts.against_people)}")


def _loaded(file: Path) -> Policy:
    try:
        return load_policy(file)
    except GuidelineFileError as error:
        _refuse(error.lines())


def _refuse(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    click.echo("The file cannot be used.", err=True)
    raise SystemExit(1)


def _site_of(data: str, key: str) -> tuple[Context, Site]:
    ctx = running_context(data)
    with ctx.reading() as session:
        return ctx, find_site(session, key)


def _say_backtest(run: BacktestRun) -> None:
    found = run.found
    speed = found.comments / run.seconds if run.seconds else 0
    click.echo(
        f"{found.comments:,} comments decided again by {run.candidate.version} in "
        f"{run.seconds:.1f} s ({speed:,.0f} a second); {found.changed:,} would change."
    )
    for (before, after), count in found.changes().items():
        click.echo(f"  {before} → {after}: {count:,}")
    _say_rules(found)
    click.echo(f"Before: {_agreement(found.people_before)}")
    click.echo(f"After:  {_agreement(found.people_after)}")


def _say_rules(found: Backtest) -> None:
    changed = [rule for rule in found.rules() if rule.gained or rule.lost]
    for rule in changed[:RULES_SHOWN]:
        click.echo(
            f"  rule {rule.rule}: matched {rule.before:,}, now {rule.after:,} "
            f"(+{rule.gained:,} −{rule.lost:,}), changes {rule.changed:,} comments"
        )
    if len(changed) > RULES_SHOWN:
        click.echo(f"  and {len(changed) - RULES_SHOWN} more rules")


def _agreement(against: AgainstPeople) -> str:
    kept_back = against.kept_back_refused + against.kept_back_kept
    refused = against.kept_back_refused + against.shown_refused
    decided = kept_back + against.shown_refused + against.shown_kept
    if not decided:
        return "people decided none of these"
    shares: Mapping[str, float | None] = {
        f"people refused {against.kept_back_refused:,} of {kept_back:,} kept back": (
            against.precision
        ),
        f"{against.kept_back_refused:,} of {refused:,} refused were kept back": against.recall,
    }
    said = [f"{words} ({share:.0%})" for words, share in shares.items() if share is not None]
    return "; ".join(said) or f"people refused none of {decided:,}, and none was kept back"


def _say_version(row: ListedVersion, *, is_in_force: bool) -> None:
    mark = "*" if is_in_force else " "
    whose = ", the installation's own" if row.installed else ""
    click.echo(f"{mark} {row.version}  {row.label}{whose}, stored {row.created_at:%Y-%m-%d %H:%M}")
    for one in row.activations:
        who = one.moderator or "the command line"
        click.echo(f"    in force from {one.at:%Y-%m-%d %H:%M} by {who}: {one.note or ''}")
