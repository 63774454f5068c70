"""A webhook is no longer wanted."""

from __future__ import annotations

from uuid import UUID

from service.queries.webhooks import get_webhook
from service.usecases.context import Context
from service.usecases.disable_webhook import webhook_event


def remove_webhook(ctx: Context, *, site_id: UUID, webhook_id: UUID, by: UUID | None) -> None:
    """Remove a webhook and all its messages, sent or not. Raises NotFound."""
    with ctx.transaction() as tx:
        webhook = get_webhook(tx.session, webhook_id, site_id=site_id, lock=True)
        tx.session.add(webhook_event(webhook, "webhook.removed", by=by, now=ctx.clock()))
        tx.session.delete(webhook)
