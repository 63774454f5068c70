"""Webhooks: where the publisher's systems are told what happens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import presenters, webhook_presenters, webhook_schemas
from service.api.app_state import api
from service.api.auth import allow_publisher, caller, limited
from service.api.blueprint import Blueprint
from service.domain.identity import Role
from service.domain.webhook import DeliveryState
from service.queries.webhooks import deliveries_of, get_webhook, waiting_counts, webhooks_of
from service.usecases.add_webhook import add_webhook
from service.usecases.change_webhook import change_webhook
from service.usecases.enable_webhook import enable_webhook
from service.usecases.remove_webhook import remove_webhook
from service.usecases.replay_delivery import replay_delivery
from service.usecases.rotate_webhook_secret import rotate_webhook_secret
from service.usecases.try_webhook import try_webhook

blp = Blueprint("webhooks", __name__, description="Messages to the publisher's systems")
ONE = "/webhooks/<uuid:webhook_id>"


@blp.route("/webhooks", methods=["GET"])
@allow_publisher(Role.LEAD)
@blp.response(200, webhook_schemas.WebhooksOut)
def list_webhooks() -> Any:
    """All webhooks of the site, and how each is doing"""
    with api().ctx.reading() as session:
        found = webhooks_of(session, caller().site.id)
        waiting = waiting_counts(session, caller().site.id)
    shown = [_shown(webhook, waiting.get(webhook.id, 0)) for webhook in found]
    return {"webhooks": shown, "types": webhook_schemas.TYPES}


@blp.route("/webhooks", methods=["POST"])
@allow_publisher(Role.LEAD)
@limited("write")
@blp.arguments(webhook_schemas.WebhookIn)
@blp.response(201, webhook_schemas.NewWebhookOut)
def create_webhook(fields: dict[str, Any]) -> Any:
    """Be told of what happens from now on; the secret is shown this once"""
    added = add_webhook(api().ctx, **_by(), **fields)
    return {**_shown(added.webhook, 0), "secret": added.secret}


@blp.route(ONE, methods=["GET"])
@allow_publisher(Role.LEAD)
@blp.response(200, webhook_schemas.WebhookOut)
def show_webhook(webhook_id: UUID) -> Any:
    """One webhook, and how it is doing"""
    return _one(webhook_id)


@blp.route(ONE, methods=["PATCH"])
@allow_publisher(Role.LEAD)
@limited("write")
@blp.arguments(webhook_schemas.WebhookChange)
@blp.response(200, webhook_schemas.WebhookOut)
def edit_webhook(fields: dict[str, Any], webhook_id: UUID) -> Any:
    """Change address, types or description, or send nothing for a while"""
    change_webhook(api().ctx, **_by(), webhook_id=webhook_id, **fields)
    return _one(webhook_id)


@blp.route(ONE, methods=["DELETE"])
@allow_publisher(Role.LEAD)
@limited("write")
@blp.response(204)
def delete_webhook(webhook_id: UUID) -> Any:
    """Remove a webhook and its log; what waits is not sent"""
    remove_webhook(api().ctx, **_by(), webhook_id=webhook_id)


@blp.route(f"{ONE}/secret", methods=["POST"])
@allow_publisher(Role.LEAD)
@limited("write")
@blp.arguments(webhook_schemas.SecretIn)
@blp.response(201, webhook_schemas.NewWebhookOut)
def rotate_secret(fields: dict[str, Any], webhook_id: UUID) -> Any:
    """A new secret, shown this once; the old one holds beside it for 24 hours"""
    rotated = rotate_webhook_secret(api().ctx, **_by(), webhook_id=webhook_id, **fields)
    return {**_one(webhook_id), "secret": rotated.secret}


@blp.route(f"{ONE}/test", methods=["POST"])
@allow_publisher(Role.LEAD)
@limited("write")
@blp.response(202, webhook_schemas.DeliveryOut)
def send_test(webhook_id: UUID) -> Any:
    """Send a `webhook.test`; the log says what came of it"""
    site_id = caller().site.id
    delivery = try_webhook(api().ctx, site_id=site_id, webhook_id=webhook_id)
    return webhook_presenters.delivery(delivery)


@blp.route(f"{ONE}/enable", methods=["POST"])
@allow_publisher(Role.LEAD)
@limited("write")
@blp.arguments(webhook_schemas.EnableIn)
@blp.response(200, webhook_schemas.WebhookOut)
def enable(fields: dict[str, Any], webhook_id: UUID) -> Any:
    """Send again after it was disabled; with `replay` also what was missed"""
    enable_webhook(api().ctx, **_by(), webhook_id=webhook_id, **fields)
    return _one(webhook_id)


@blp.route(f"{ONE}/deliveries", methods=["GET"])
@allow_publisher(Role.LEAD)
@blp.arguments(webhook_schemas.DeliveriesQuery, location="query")
@blp.response(200, webhook_schemas.DeliveriesOut)
def list_deliveries(query: dict[str, Any], webhook_id: UUID) -> Any:
    """The messages of the last thirty days, newest first"""
    state = DeliveryState(query["state"]) if query["state"] else None
    with api().ctx.reading() as session:
        webhook = get_webhook(session, webhook_id, site_id=caller().site.id)
        found = deliveries_of(
            session, webhook, state=state, after=query["cursor"], limit=query["limit"]
        )
    shown = [webhook_presenters.delivery(delivery) for delivery in found.items]
    return {"deliveries": shown, "next_cursor": presenters.next_cursor(found)}


@blp.route(f"{ONE}/deliveries/<uuid:delivery_id>/replay", methods=["POST"])
@allow_publisher(Role.LEAD)
@limited("write")
@blp.response(202, webhook_schemas.DeliveryOut)
def replay(webhook_id: UUID, delivery_id: UUID) -> Any:
    """Send a message once more, under the same id"""
    delivery = replay_delivery(
        api().ctx, site_id=caller().site.id, webhook_id=webhook_id, delivery_id=delivery_id
    )
    return webhook_presenters.delivery(delivery)


def _by() -> dict[str, Any]:
    """Which site is meant, and which moderator asks; None for the publisher."""
    who = caller()
    return {"site_id": who.site.id, "by": who.moderator.id if who.moderator else None}


def _one(webhook_id: UUID) -> dict[str, Any]:
    site_id = caller().site.id
    with api().ctx.reading() as session:
        found = get_webhook(session, webhook_id, site_id=site_id)
        waiting = waiting_counts(session, site_id)
    return _shown(found, waiting.get(webhook_id, 0))


def _shown(found: Any, waiting: int) -> dict[str, Any]:
    return webhook_presenters.webhook(found, waiting=waiting, now=api().ctx.clock())
