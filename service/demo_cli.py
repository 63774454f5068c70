"""`./parley seed-demo`: the demo site, its people and its conversation. `./parley up` calls it."""

from __future__ import annotations

import json
import time

import click

from service.bootstrap import make_parts, settings_from_environment
from service.demo.conversation import MODERATORS
from service.demo.play import is_complete, make_moderators, play
from service.demo.stage import DemoWaits
from service.models import Site
from service.seed import DEMO_SITE, seed_demo
from service.usecases.context import Context
from service.usecases.make_sign_in_link import make_sign_in_link

PACE_SECONDS = 0.5
NOT_OURS = f"A site of your own has the key `{DEMO_SITE}`; the demo leaves it alone."


@click.command("seed-demo")
@click.option("--conversation", is_flag=True, help="Have its readers and moderators act, too.")
@click.option("--link", is_flag=True, help="Make a one-time code to sign in to the console with.")
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
def seed_demo_command(conversation: bool, link: bool, as_json: bool) -> None:
    """Make what is missing of the demo; what is there stays as it is.

    The conversation waits for a worker to score it, and goes on where it was interrupted.
    """
    settings = settings_from_environment()
    parts = make_parts(settings)
    click.get_current_context().call_on_close(parts.engine.dispose)
    ctx = parts.ctx
    site = seed_demo(ctx, secret_key=settings.secret_key, public_url=settings.public_url)
    if site is None:
        click.echo(json.dumps({"site": None}) if as_json else NOT_OURS)
        return
    if conversation:
        _play(ctx, site)
    code = _code(ctx, site) if link else None
    complete = is_complete(ctx, site)
    if as_json:
        click.echo(json.dumps({"site": site.key, "code": code, "complete": complete}))
        return
    click.echo(f"{settings.public_url}/demo")
    if code:
        click.echo(f"{settings.public_url}/console#sign-in={code}")


def _play(ctx: Context, site: Site) -> None:
    def pace() -> None:
        time.sleep(PACE_SECONDS)

    try:
        play(ctx, site, pace=pace, say=click.echo)
    except DemoWaits as waits:
        raise click.ClickException(f"{waits}; start it again once workers run") from waits


def _code(ctx: Context, site: Site) -> str | None:
    """A code for the demo's first moderator; None where the operator ended that account."""
    moderator = make_moderators(ctx, site).get(next(iter(MODERATORS)))
    return make_sign_in_link(ctx, moderator_id=moderator.id) if moderator else None
