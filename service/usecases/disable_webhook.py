"""Send nothing more to a webhook until somebody enables it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from service.domain.webhook import DISABLED, DeliveryState, DisabledReason
from service.models import Event, Webhook, WebhookDelivery
from service.queries.webhooks import WAITING


def disable(
    session: Session,
    webhook: Webhook,
    reason: DisabledReason,
    *,
    now: datetime,
    actor: str = "machine",
    by: UUID | None = None,
) -> None:
    """Disable a locked webhook; what waits is kept, skipped, for when it is enabled again."""
    webhook.disabled_at, webhook.disabled_reason = now, reason.value
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, WAITING)
        .values(state=DeliveryState.SKIPPED.value, last_error=DISABLED)
        .execution_options(synchronize_session="fetch")
    )
    session.add(
        webhook_event(
            webhook,
            "webhook.disabled",
            actor=actor,
            by=by,
            now=now,
            data={"reason": reason.value},
        )
    )


def webhook_event(
    webhook: Webhook,
    kind: str,
    *,
    now: datetime,
    by: UUID | None,
    actor: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """What was done with a webhook. Of its address only the host: the rest may be a secret.

    Args:
        by: the moderator who did it; None for the publisher, or `actor`.
    """
    host = urlsplit(webhook.url).hostname
    return Event(
        site_id=webhook.site_id,
        kind=kind,
        actor=actor or ("publisher" if by is None else "moderator"),
        actor_id=by,
        data={"webhook": str(webhook.id), "host": host, **(data or {})},
        created_at=now,
    )
