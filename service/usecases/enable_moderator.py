"""Let a moderator whose work was stopped go on."""

from __future__ import annotations

from uuid import UUID

from service.domain.errors import NotFound
from service.models import Moderator
from service.queries.moderators import sites_of
from service.usecases.context import Context
from service.usecases.memberships import (
    NO_KEY,
    NO_MODERATOR,
    lock_members,
    log_account,
    member,
)


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


def enable_account(ctx: Context, *, moderator_id: UUID) -> None:
    """Open an account again that the operator disabled, at the sites it belonged to then.

    Raises NotFound.
    """
    with ctx.transaction() as tx:
        account = tx.session.get(Moderator, moderator_id, with_for_update=NO_KEY)
        if account is None:
            raise NotFound(NO_MODERATOR, code="moderator_not_found")
        if account.disabled_at is None:
            return
        account.disabled_at = None
        log_account(
            tx.session,
            "moderator.enabled",
            site_ids=[site.id for site, _ in sites_of(tx.session, moderator_id)],
            moderator_id=moderator_id,
            by=None,
            now=ctx.clock(),
        )
