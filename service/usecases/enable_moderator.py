"""Let a moderator whose work at a site was stopped go on there."""

from __future__ import annotations

from uuid import UUID

from service.usecases.context import Context
from service.usecases.memberships import lock_members, log_account, member


def enable_moderator(
    ctx: Context, *, site_id: UUID, moderator_id: UUID, by: UUID | None = None
) -> None:
    """The role is the one there was; tokens that were revoked stay so. Raises NotFound.

    An account that the operator disabled stays disabled.
    """
    with ctx.transaction() as tx:
        members = lock_members(tx.session, [site_id])[site_id]
        again = member(members, moderator_id)
        if again.disabled_at is None:
            return
        again.disabled_at = None
        log_account(
            tx.session,
            "moderator.enabled",
            site_ids=[site_id],
            moderator_id=moderator_id,
            by=by,
            now=ctx.clock(),
        )
