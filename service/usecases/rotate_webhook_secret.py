"""Give a webhook a new secret; the old one holds on for a while, so that nothing is lost."""

from __future__ import annotations

from uuid import UUID

from service.domain.webhook import MAX_SECRETS, OLD_SECRET_HOLDS, secrets_in_force
from service.queries.webhooks import get_webhook
from service.usecases.add_webhook import AddedWebhook
from service.usecases.context import Context
from service.usecases.disable_webhook import webhook_event


def rotate_webhook_secret(
    ctx: Context, *, site_id: UUID, webhook_id: UUID, by: UUID | None, revoke_old: bool = False
) -> AddedWebhook:
    """A new secret, shown now and never again.

    Messages are signed with the old one too, for 24 hours; not where it is to be revoked,
    because it became known. Raises NotFound.
    """
    plain, sealed = ctx.webhooks.new_secret()
    now = ctx.clock()
    with ctx.transaction() as tx:
        webhook = get_webhook(tx.session, webhook_id, site_id=site_id, lock=True)
        until = (now + OLD_SECRET_HOLDS).isoformat()
        in_force = [] if revoke_old else secrets_in_force(webhook.secrets, now)
        old = [
            {**secret, "until": secret["until"] or until}
            for secret in webhook.secrets
            if secret["sealed"] in in_force
        ]
        webhook.secrets = [{"sealed": sealed, "until": None}, *old][:MAX_SECRETS]
        data = {"changed": ["secret"], "old_revoked": revoke_old}
        tx.session.add(webhook_event(webhook, "webhook.changed", by=by, now=now, data=data))
    return AddedWebhook(webhook, plain)
