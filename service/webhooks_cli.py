"""`./parley webhooks`: where the publisher's systems are told what happens."""

from __future__ import annotations

import time
from uuid import UUID

import click

from service.domain.webhook import DeliveryState, WebhookType
from service.models import WebhookDelivery
from service.moderators_cli import RefusingGroup
from service.queries.webhooks import (
    deliveries_of,
    get_delivery,
    get_webhook,
    waiting_counts,
    webhooks_of,
)
from service.running_stack import data_option, running_context, site_named, site_option
from service.usecases.add_webhook import add_webhook
from service.usecases.enable_webhook import enable_webhook
from service.usecases.remove_webhook import remove_webhook
from service.usecases.replay_delivery import replay_delivery
from service.usecases.try_webhook import try_webhook

TYPES = [type_.value for type_ in WebhookType]
STATES = [state.value for state in DeliveryState]
PATIENCE_SECONDS, POLL_SECONDS = 20.0, 0.2


@click.group(cls=RefusingGroup)
def webhooks() -> None:
    """Signed messages to the publisher's systems about what happens."""


@webhooks.command("add")
@click.argument("url")
@click.option(
    "--type", "types", multiple=True, type=click.Choice(TYPES), help="Repeatable; else all types."
)
@click.option("--description", default="", help="What it is for.")
@site_option
@data_option
def add(url: str, types: tuple[str, ...], description: str, site: str, data: str) -> None:
    """Tell URL what happens from now on; prints its id and, this once, its secret."""
    ctx = running_context(data)
    added = add_webhook(
        ctx,
        site_id=site_named(ctx, site).id,
        url=url,
        types=types or TYPES,
        description=description,
        by=None,
    )
    click.echo(f"{added.webhook.id}\t{added.secret}")


@webhooks.command("list")
@site_option
@data_option
def show(site: str, data: str) -> None:
    """List a site's webhooks: id, state, how many messages wait, address, types."""
    ctx = running_context(data)
    at = site_named(ctx, site)
    with ctx.reading() as session:
        found = webhooks_of(session, at.id)
        waiting = waiting_counts(session, at.id)
    for one in found:
        state = f"disabled ({one.disabled_reason})" if one.disabled_at else "enabled"
        if one.last_error is not None:
            state += f", last error {one.last_error}"
        columns = (str(one.id), state, str(waiting.get(one.id, 0)), one.url, " ".join(one.types))
        click.echo("\t".join(columns))


@webhooks.command("remove")
@click.argument("webhook", type=click.UUID)
@site_option
@data_option
def remove(webhook: UUID, site: str, data: str) -> None:
    """Remove WEBHOOK and its log."""
    ctx = running_context(data)
    remove_webhook(ctx, site_id=site_named(ctx, site).id, webhook_id=webhook, by=None)
    click.echo(f"{webhook} is removed.")


@webhooks.command("enable")
@click.argument("webhook", type=click.UUID)
@click.option("--replay", is_flag=True, help="Also send what it missed.")
@site_option
@data_option
def enable(webhook: UUID, replay: bool, site: str, data: str) -> None:
    """Send to WEBHOOK again after it was disabled."""
    ctx = running_context(data)
    at = site_named(ctx, site)
    enable_webhook(ctx, site_id=at.id, webhook_id=webhook, by=None, replay=replay)
    click.echo(f"{webhook} is enabled.")


@webhooks.command("test")
@click.argument("webhook", type=click.UUID)
@site_option
@data_option
def test(webhook: UUID, site: str, data: str) -> None:
    """Send WEBHOOK a message and say what came of it."""
    ctx = running_context(data)
    sent = try_webhook(ctx, site_id=site_named(ctx, site).id, webhook_id=webhook)
    until = time.monotonic() + PATIENCE_SECONDS
    while sent.attempts == 0 and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
        with ctx.reading() as session:
            sent = get_delivery(session, sent.id, webhook_id=webhook, site_id=sent.site_id)
    if sent.attempts == 0:
        raise click.ClickException("It was not tried yet: does a worker run?")
    click.echo(_line(sent))


@webhooks.command("deliveries")
@click.argument("webhook", type=click.UUID)
@click.option("--state", type=click.Choice(STATES), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=50, show_default=True)
@site_option
@data_option
def deliveries(webhook: UUID, state: str | None, limit: int, site: str, data: str) -> None:
    """List the messages of WEBHOOK, newest first: id, time, type, state, tries, outcome."""
    ctx = running_context(data)
    wanted = DeliveryState(state) if state else None
    with ctx.reading() as session:
        found = get_webhook(session, webhook, site_id=site_named(ctx, site).id)
        page = deliveries_of(session, found, state=wanted, after=None, limit=limit)
    for one in page.items:
        click.echo(_line(one))


@webhooks.command("replay")
@click.argument("webhook", type=click.UUID)
@click.argument("delivery", type=click.UUID)
@site_option
@data_option
def replay(webhook: UUID, delivery: UUID, site: str, data: str) -> None:
    """Send a message of WEBHOOK once more, under the same id."""
    ctx = running_context(data)
    at = site_named(ctx, site)
    replay_delivery(ctx, site_id=at.id, webhook_id=webhook, delivery_id=delivery)
    click.echo(f"{delivery} waits to be sent.")


def _line(one: WebhookDelivery) -> str:
    outcome = one.last_error or ""
    if one.last_status is not None:
        outcome = f"{one.last_status} {outcome}".strip()
    took = f"{one.duration_ms} ms" if one.duration_ms is not None else ""
    at = one.created_at.isoformat(timespec="seconds")
    return "\t".join((str(one.id), at, one.type, one.state, str(one.attempts), outcome, took))
