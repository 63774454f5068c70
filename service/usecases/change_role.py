"""Give a moderator of a site another role there."""

from __future__ import annotations

from uuid import UUID

from service.domain.identity import Role
from service.usecases.context import Context
from service.usecases.memberships import check_admin_left, lock_members, log_account, member


def change_role(
    ctx: Context, *, site_id: UUID, moderator_id: UUID, role: Role, by: UUID | None = None
) -> None:
    """The new role holds from the next request on, also for sessions and tokens that exist.

    Raises NotFound, or Conflict where the site's last admin would be no admin any more.
    """
    with ctx.transaction() as tx:
        members = lock_members(tx.session, [site_id])[site_id]
        changed = member(members, moderator_id)
        if changed.role == role.value:
            return
        check_admin_left(tx.session, members, moderator_id)
        before, changed.role = changed.role, role.value
        log_account(
            tx.session,
            "moderator.role_changed",
            site_ids=[site_id],
            moderator_id=moderator_id,
            by=by,
            now=ctx.clock(),
            data={"from": before, "to": role.value},
        )
