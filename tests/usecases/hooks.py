"""What the tests about webhooks share: a round of everything, and looks at what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from service.adapters.webhook_sender import WebhookSender
from service.domain.webhook import WebhookType
from service.models import Event, Site, Webhook, WebhookDelivery
from service.usecases.add_webhook import AddedWebhook, add_webhook
from service.usecases.context import Context
from service.usecases.deliver_webhooks import deliver_webhooks
from service.usecases.follow_events import follow_events
from tests.conftest import SECRET

ALL = [type_.value for type_ in WebhookType]


def trying(ctx: Context, *, seconds: float = 5.0) -> Context:
    """The same context, that also sends to this machine."""
    return replace(ctx, webhooks=WebhookSender(SECRET, allow_private=True, seconds=seconds))


def add(ctx: Context, site: Site, url: str, types: Sequence[str] = ALL) -> AddedWebhook:
    return add_webhook(ctx, site_id=site.id, url=url, types=types, by=None)


def one_round(ctx: Context) -> int:
    """What beat starts: seal and enqueue, then send. Says how many messages were tried."""
    follow_events(ctx)
    return deliver_webhooks(ctx)


def at(ctx: Context, moment: datetime) -> Context:
    """The same context at another time."""
    clock: Callable[[], datetime] = lambda: moment  # noqa: E731
    return replace(ctx, clock=clock)


def webhook(ctx: Context, added: AddedWebhook) -> Webhook:
    with ctx.reading() as session:
        return session.get_one(Webhook, added.webhook.id, populate_existing=True)


def deliveries(ctx: Context, added: AddedWebhook) -> list[WebhookDelivery]:
    """Its messages, oldest first."""
    with ctx.reading() as session:
        query = (
            select(WebhookDelivery)
            .where(WebhookDelivery.webhook_id == added.webhook.id)
            .order_by(WebhookDelivery.id)
            .execution_options(populate_existing=True)
        )
        return list(session.scalars(query))


def states(ctx: Context, added: AddedWebhook) -> list[str]:
    return [delivery.state for delivery in deliveries(ctx, added)]


def set_webhook(ctx: Context, added: AddedWebhook, **values: Any) -> None:
    """Make it so, where getting there would take days."""
    with ctx.transaction() as tx:
        tx.session.execute(update(Webhook).where(Webhook.id == added.webhook.id).values(**values))


def events(ctx: Context, site_id: UUID) -> list[Event]:
    """What was done with webhooks, oldest first."""
    with ctx.reading() as session:
        query = select(Event).where(Event.site_id == site_id, Event.kind.startswith("webhook."))
        return list(session.scalars(query.order_by(Event.id)))
