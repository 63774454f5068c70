"""`./parley models shadow`: compare a model that runs beside the one in force."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from service.bootstrap import make_parts
from service.running_stack import running_settings
from service.usecases.compare_shadow import ShadowComparison, compare_shadow
from service.usecases.identify_caller import find_site


@click.command("shadow", short_help="What a model in the shadow would have decided.")
@click.option("--site", default="demo", show_default=True, help="The key of the site.")
@click.option("--last", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True)
@click.option("--data", default="./var", show_default=True, help="The stack's data folder.")
def shadow_command(site: str, last: int, data: str) -> None:
    """Compare every model that PARLEY_SHADOW_SCORER put beside the one in force.

    Run the workers with that variable for a while first; the shadow's scores are stored with
    the comments and decide nothing.
    """
    ctx = make_parts(running_settings(data)).ctx
    with ctx.reading() as session:
        site_id = find_site(session, site).id
    found = compare_shadow(ctx, site_id=site_id, limit=last)
    if not found:
        raise click.ClickException(
            "No comment of this site was scored by a shadow model yet: set PARLEY_SHADOW_SCORER."
        )
    console = Console()
    for comparison in found:
        _show(console, comparison)


def _show(console: Console, comparison: ShadowComparison) -> None:
    table = Table(title=f"{comparison.model} {comparison.version} in the shadow")
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("comments compared", str(comparison.comments))
    table.add_row("the shadow could not tell", str(comparison.unknown))
    table.add_row("same action", f"{comparison.agreement:.1%}")
    table.add_row("mean difference of toxicity", f"{comparison.mean_difference:.3f}")
    for (before, after), count in sorted(comparison.changes.items(), key=lambda c: -c[1]):
        table.add_row(f"{before} → {after}", str(count))
    console.print(table)
    for comment_id in comparison.examples:
        console.print(f"  for example comment {comment_id}")
