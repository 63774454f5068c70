"""Send a message to a webhook once more."""

from __future__ import annotations

from uuid import UUID

from service.domain.errors import Conflict
from service.domain.webhook import UNDONE, DeliveryState
from service.models import WebhookDelivery
from service.queries.webhooks import get_delivery, get_webhook
from service.usecases.context import Context
from service.usecases.try_webhook import DELIVER, check_enabled


def replay_delivery(
    ctx: Context, *, site_id: UUID, webhook_id: UUID, delivery_id: UUID
) -> WebhookDelivery:
    """The same message under the same id, with all its tries again, also if it was delivered.

    Raises NotFound, or Conflict `webhook_disabled`, `delivery_waiting`, `decision_undone`.
    """
    with ctx.transaction() as tx:
        webhook = get_webhook(tx.session, webhook_id, site_id=site_id, lock=True)
        check_enabled(webhook)
        delivery = get_delivery(tx.session, delivery_id, webhook_id=webhook_id, site_id=site_id)
        if delivery.state == DeliveryState.WAITING:
            raise Conflict("This message waits to be sent already.", code="delivery_waiting")
        if delivery.last_error == UNDONE:
            raise Conflict("The decision it tells of was undone.", code="decision_undone")
        now = ctx.clock()
        # What was never tried may wait for a decision to be final.
        delivery.due_at = now if delivery.attempts else max(delivery.due_at, now)
        delivery.state, delivery.attempts = DeliveryState.WAITING.value, 0
        delivery.last_error = delivery.delivered_at = None
        tx.after_commit.append(lambda: ctx.queue.send(DELIVER))
    return delivery
