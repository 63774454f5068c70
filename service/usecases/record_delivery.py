"""Write down what came of a try, and what it means for the webhook."""

from __future__ import annotations

import logging
import random
from datetime import datetime

from sqlalchemy.orm import Session

from service.domain.webhook import (
    DeliveryState,
    DisabledReason,
    is_given_up,
    next_try,
    pause_until,
)
from service.domain.webhook_message import REFUSED, Answer, Message
from service.models import Webhook, WebhookDelivery
from service.usecases.context import Context
from service.usecases.disable_webhook import disable

log = logging.getLogger(__name__)

# New messages refer to the webhook: they do not have to wait for us.
_LOCK = {"key_share": True}


def record_delivery(ctx: Context, message: Message, answer: Answer) -> None:
    """Record one try.

    1. A 2xx delivers the message, and the webhook is well again.
    2. Else it is tried again later, or has failed for good after the last try.
    3. A webhook that fails again and again is paused; it is disabled when it answers 410, or
       when nothing could be delivered for days.
    What was removed or skipped in the meantime is left alone.
    """
    now = ctx.clock()
    outcomes = []
    with ctx.transaction() as tx:
        session = tx.session
        webhook = session.get(Webhook, message.webhook_id, with_for_update=_LOCK)
        delivery = session.get(WebhookDelivery, message.id, with_for_update=_LOCK)
        if webhook is None or delivery is None:
            return
        if answer.error is None:
            _delivered(webhook, delivery, answer, now)
            outcomes.append("delivered")
        elif delivery.state == DeliveryState.WAITING:
            _failed(webhook, delivery, answer, now)
            outcomes.append("refused" if answer.error in REFUSED else "failed")
            if _give_up(session, webhook, answer, now):
                outcomes.append("disabled")
    for outcome in outcomes:
        ctx.metrics.record_webhook(outcome)
    if "disabled" in outcomes:
        log.warning("webhook %s disabled: %s", webhook.id, webhook.disabled_reason)


def _note(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    delivery.attempts += 1
    delivery.last_attempt_at = now
    delivery.last_status, delivery.last_error = answer.status, answer.error
    delivery.duration_ms = answer.duration_ms


def _delivered(webhook: Webhook, delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    _note(delivery, answer, now)
    delivery.state, delivery.delivered_at = DeliveryState.DELIVERED.value, now
    webhook.last_delivered_at = now
    webhook.failures, webhook.failing_since, webhook.last_error = 0, None, None
    webhook.paused_until = None


def _failed(webhook: Webhook, delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    _note(delivery, answer, now)
    again = next_try(
        delivery.attempts,
        now,
        jitter=random.random(),  # noqa: S311 - spreads load, keeps no secret
        retry_after=answer.retry_after,
    )
    if again is None:
        delivery.state = DeliveryState.FAILED.value
    else:
        delivery.due_at = again
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.last_error = answer.error
    webhook.paused_until = pause_until(webhook.failures, now, retry_after=answer.retry_after)


def _give_up(session: Session, webhook: Webhook, answer: Answer, now: datetime) -> bool:
    if webhook.disabled_at is not None:
        return False
    if answer.error == "gone":
        disable(session, webhook, DisabledReason.GONE, now=now)
        return True
    if is_given_up(webhook.failing_since, webhook.failures, now):
        disable(session, webhook, DisabledReason.FAILING, now=now)
        return True
    return False
