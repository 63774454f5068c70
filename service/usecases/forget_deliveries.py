"""Messages to webhooks that are not sent any more: undone decisions, and what is long past."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, exists, select, update
from sqlalchemy.orm import aliased

from service.domain.webhook import KEPT_FOR, UNDONE, DeliveryState
from service.models import Decision, WebhookDelivery
from service.queries.webhooks import WAITING
from service.usecases.context import Context

FORGOTTEN_AT_ONCE = 1_000
UNDO_ACTION = "undo"


def skip_undone(ctx: Context) -> int:
    """Skip what belongs to a decision that was undone before it was final; says how many."""
    undo = aliased(Decision)
    undone = exists().where(
        Decision.id == WebhookDelivery.decision_id,
        Decision.reversed_at.is_not(None),
        undo.comment_id == Decision.comment_id,
        undo.reverses_id == Decision.id,
        undo.action == UNDO_ACTION,
    )
    with ctx.transaction() as tx:
        done = tx.session.execute(
            update(WebhookDelivery)
            .where(WAITING, WebhookDelivery.decision_id.is_not(None), undone)
            .values(state=DeliveryState.SKIPPED.value, last_error=UNDONE)
            .execution_options(synchronize_session=False)
        )
    skipped = cast(CursorResult[Any], done).rowcount
    for _ in range(skipped):
        ctx.metrics.record_webhook("skipped")
    return skipped


def forget_deliveries(ctx: Context) -> int:
    """Drop messages of more than thirty days ago, some at a time; says how many."""
    old = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.id < first_id_at(ctx.clock() - KEPT_FOR))
        .order_by(WebhookDelivery.id)
        .limit(FORGOTTEN_AT_ONCE)
    )
    with ctx.transaction() as tx:
        done = tx.session.execute(
            delete(WebhookDelivery)
            .where(WebhookDelivery.id.in_(old))
            .execution_options(synchronize_session=False)
        )
    return cast(CursorResult[Any], done).rowcount


def first_id_at(moment: datetime) -> UUID:
    """The smallest id of that time: an id begins with its milliseconds (RFC 9562, UUIDv7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
