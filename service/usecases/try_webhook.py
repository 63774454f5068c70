"""Send a webhook a message that means nothing, to see that it arrives."""

from __future__ import annotations

from uuid import UUID

from service.domain.errors import Conflict
from service.domain.webhook import TEST, DeliveryState
from service.domain.webhook_payload import stamp
from service.models import Site, Webhook, WebhookDelivery, new_id
from service.queries.webhooks import get_webhook
from service.usecases.context import Context

DELIVER = "deliver_webhooks"


def try_webhook(ctx: Context, *, site_id: UUID, webhook_id: UUID) -> WebhookDelivery:
    """A `webhook.test` that is due now. Raises NotFound, or Conflict `webhook_disabled`."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        webhook = get_webhook(tx.session, webhook_id, site_id=site_id)
        check_enabled(webhook)
        site = tx.session.get_one(Site, site_id)
        data = {"site": site.key, "webhook": str(webhook.id)}
        delivery = WebhookDelivery(
            id=new_id(),
            site_id=site_id,
            webhook_id=webhook.id,
            type=TEST,
            payload={"type": TEST, "timestamp": stamp(now), "data": data},
            state=DeliveryState.WAITING.value,
            attempts=0,
            due_at=now,
            created_at=now,
        )
        tx.session.add(delivery)
        tx.after_commit.append(lambda: ctx.queue.send(DELIVER))
    return delivery


def check_enabled(webhook: Webhook) -> None:
    """Raise Conflict where nothing is sent to this webhook."""
    if webhook.disabled_at is not None:
        raise Conflict("This webhook is disabled; enable it first.", code="webhook_disabled")
