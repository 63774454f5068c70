"""Send to a webhook again, and what was missed too, if asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, case, false, func, or_, update
from sqlalchemy.orm import Session

from service.domain.webhook import DISABLED, NOT_REPLAYED, DeliveryState
from service.models import Webhook, WebhookDelivery
from service.queries.webhooks import get_webhook
from service.usecases.context import Context
from service.usecases.disable_webhook import webhook_event


def enable_webhook(
    ctx: Context, *, site_id: UUID, webhook_id: UUID, by: UUID | None, replay: bool
) -> Webhook:
    """Enable a webhook; with `replay` it is sent what failed since it began to fail and what
    was kept while it was disabled. Enabling twice is fine. Raises NotFound.
    """
    with ctx.transaction() as tx:
        webhook = get_webhook(tx.session, webhook_id, site_id=site_id, lock=True)
        if webhook.disabled_at is not None:
            enable(tx.session, webhook, replay=replay, by=by, now=ctx.clock())
    return webhook


def enable(
    session: Session, webhook: Webhook, *, replay: bool, by: UUID | None, now: datetime
) -> None:
    """Enable a locked webhook. What is not replayed now is not replayed at a later time."""
    kept = and_(
        WebhookDelivery.state == DeliveryState.SKIPPED.value,
        WebhookDelivery.last_error == DISABLED,
    )
    since = webhook.failing_since
    failed = and_(
        WebhookDelivery.state == DeliveryState.FAILED.value,
        WebhookDelivery.last_attempt_at >= since if since is not None else false(),
    )
    of_this = update(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    again = of_this.where(or_(kept, failed)).values(
        state=DeliveryState.WAITING.value,
        attempts=0,
        last_error=None,
        # What was never tried may wait for a decision to be final.
        due_at=case(
            (WebhookDelivery.attempts == 0, func.greatest(WebhookDelivery.due_at, now)), else_=now
        ),
    )
    left = of_this.where(kept).values(last_error=NOT_REPLAYED)
    session.execute((again if replay else left).execution_options(synchronize_session=False))
    webhook.disabled_at = webhook.disabled_reason = webhook.last_error = None
    webhook.failing_since = webhook.paused_until = None
    webhook.failures = 0
    session.add(webhook_event(webhook, "webhook.enabled", by=by, now=now, data={"replay": replay}))
