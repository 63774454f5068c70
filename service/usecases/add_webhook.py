"""A publisher wants to be told what happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from service.domain.errors import Conflict, Invalid
from service.domain.webhook import MAX_WEBHOOKS, WebhookType
from service.models import Site, Webhook, new_id
from service.usecases.context import Context
from service.usecases.disable_webhook import webhook_event
from service.usecases.enqueue_webhooks import start_following


@dataclass(frozen=True, slots=True)
class AddedWebhook:
    """The webhook, and its secret: shown now and never again."""

    webhook: Webhook
    secret: str


def add_webhook(
    ctx: Context,
    *,
    site_id: UUID,
    url: str,
    types: Sequence[str],
    by: UUID | None,
    description: str = "",
) -> AddedWebhook:
    """Add a webhook; it is told of what happens from now on.

    Raises Invalid naming `url` or `types`, or Conflict `too_many_webhooks`.
    """
    kinds = known_types(types)
    ctx.webhooks.check(url)
    plain, sealed = ctx.webhooks.new_secret()
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        # One at a time for each site, so that they can be counted.
        session.get_one(Site, site_id, with_for_update={"key_share": True})
        count = select(func.count()).select_from(Webhook).where(Webhook.site_id == site_id)
        if (session.scalar(count) or 0) >= MAX_WEBHOOKS:
            raise Conflict(
                f"A site has at most {MAX_WEBHOOKS} webhooks; remove one first.",
                code="too_many_webhooks",
            )
        start_following(session, site_id)
        webhook = Webhook(
            id=new_id(),
            site_id=site_id,
            url=url,
            description=description,
            types=kinds,
            secrets=[{"sealed": sealed, "until": None}],
            failures=0,
            created_at=now,
        )
        event = webhook_event(webhook, "webhook.added", by=by, now=now, data={"types": kinds})
        session.add(event)
        session.flush()
        webhook.after_event = event.id
        session.add(webhook)
    return AddedWebhook(webhook, plain)


def known_types(types: Sequence[str]) -> list[str]:
    """The types without repeats, in their own order. Raises Invalid naming `types`."""
    unknown = sorted(set(types) - set(WebhookType))
    if unknown:
        raise Invalid({"types": [f"There is no type `{unknown[0]}`."]})
    if not types:
        raise Invalid({"types": ["Name one at least."]})
    return [type_.value for type_ in WebhookType if type_ in types]
