"""Change where a webhook sends, what it is told of, or whether it sends at all."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.domain.webhook import DisabledReason
from service.models import Webhook
from service.queries.webhooks import get_webhook
from service.usecases.add_webhook import known_types
from service.usecases.context import Context
from service.usecases.disable_webhook import disable, webhook_event
from service.usecases.enable_webhook import enable


def change_webhook(
    ctx: Context,
    *,
    site_id: UUID,
    webhook_id: UUID,
    by: UUID | None,
    url: str | None = None,
    types: Sequence[str] | None = None,
    description: str | None = None,
    enabled: bool | None = None,
) -> Webhook:
    """Change what is given. What waits goes to the new address; new types count from now on.

    Raises Invalid naming `url` or `types`, or NotFound.
    """
    kinds = known_types(types) if types is not None else None
    if url is not None:
        ctx.webhooks.check(url)
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        webhook = get_webhook(session, webhook_id, site_id=site_id, lock=True)
        given = {"url": url, "types": kinds, "description": description}
        changed = sorted(
            name
            for name, value in given.items()
            if value is not None and value != getattr(webhook, name)
        )
        for name in changed:
            setattr(webhook, name, given[name])
        if changed:
            data = {"changed": changed, "types": webhook.types}
            session.add(webhook_event(webhook, "webhook.changed", by=by, now=now, data=data))
        if enabled is False and webhook.disabled_at is None:
            actor = "publisher" if by is None else "moderator"
            disable(session, webhook, DisabledReason.BY_HAND, now=now, actor=actor, by=by)
        if enabled is True and webhook.disabled_at is not None:
            enable(session, webhook, replay=False, by=by, now=now)
    return webhook
