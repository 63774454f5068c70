"""Webhooks of a site, their messages, and which of them are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from service.domain.errors import NotFound
from service.domain.webhook import DeliveryState
from service.models import Webhook, WebhookDelivery
from service.queries.comments import Page
from service.queries.thread_order import Position

WAITING = WebhookDelivery.state == DeliveryState.WAITING.value


def webhooks_of(session: Session, site_id: UUID) -> Sequence[Webhook]:
    """All webhooks of a site, oldest first."""
    return session.scalars(
        select(Webhook).where(Webhook.site_id == site_id).order_by(Webhook.id)
    ).all()


def get_webhook(
    session: Session, webhook_id: UUID, *, site_id: UUID, lock: bool = False
) -> Webhook:
    """One webhook. Raises NotFound."""
    query = select(Webhook).where(Webhook.id == webhook_id, Webhook.site_id == site_id)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no webhook with this id.", code="webhook_not_found")
    return found


def get_delivery(
    session: Session, delivery_id: UUID, *, webhook_id: UUID, site_id: UUID
) -> WebhookDelivery:
    """One message of a webhook. Raises NotFound."""
    found = session.execute(
        select(WebhookDelivery).where(
            WebhookDelivery.id == delivery_id,
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.site_id == site_id,
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no delivery with this id.", code="delivery_not_found")
    return found


def deliveries_of(
    session: Session,
    webhook: Webhook,
    *,
    state: DeliveryState | None,
    after: Position | None,
    limit: int,
) -> Page[WebhookDelivery]:
    """The log of a webhook: its messages, newest first."""
    query = (
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id)
        .order_by(WebhookDelivery.id.desc())
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(WebhookDelivery.state == state.value)
    if after is not None:
        query = query.where(WebhookDelivery.id < after.id)
    rows = session.scalars(query).all()
    return Page(rows[:limit], Position(rows[limit - 1].id) if len(rows) > limit else None)


def waiting_counts(session: Session, site_id: UUID) -> dict[UUID, int]:
    """How many messages wait, by webhook; none for those where none does."""
    rows = session.execute(
        select(WebhookDelivery.webhook_id, func.count().label("waiting"))
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.site_id == site_id, WAITING)
        .group_by(WebhookDelivery.webhook_id)
    )
    return {row.webhook_id: row.waiting for row in rows}


def sendable(session: Session, now: datetime, *, limit: int) -> Sequence[Webhook]:
    """Webhooks with a message that is due, locked; healthy ones and those not served lately
    first. Left out are disabled and paused ones, and those another sender works on.
    """
    due = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.webhook_id == Webhook.id, WAITING, WebhookDelivery.due_at <= now)
        .exists()
    )
    return session.scalars(
        select(Webhook)
        .where(
            Webhook.disabled_at.is_(None),
            or_(Webhook.paused_until.is_(None), Webhook.paused_until <= now),
            or_(Webhook.lease_until.is_(None), Webhook.lease_until <= now),
            due,
        )
        .order_by(Webhook.failures, Webhook.lease_until.nulls_first())
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()


def due_deliveries(
    session: Session, webhook: Webhook, now: datetime, *, limit: int
) -> Sequence[WebhookDelivery]:
    """A webhook's messages that are due, oldest first."""
    return session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, WAITING, WebhookDelivery.due_at <= now)
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(limit)
    ).all()
