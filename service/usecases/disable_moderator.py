"""Stop a moderator's work at one site, or an account altogether."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from service.domain.errors import NotFound
from service.models import CredentialKind, Membership, Moderator, ModeratorCredential
from service.usecases.context import Context
from service.usecases.memberships import (
    NO_KEY,
    NO_MODERATOR,
    check_admin_left,
    lock_members,
    log_account,
    member,
    revoke_credentials,
)


def disable_moderator(
    ctx: Context, *, site_id: UUID, moderator_id: UUID, by: UUID | None = None
) -> None:
    """End the work at this site at once: its tokens are revoked, sessions no longer see it.

    Other sites of the same account go on. A session of an account that belongs nowhere any more
    ends for good.

    Raises NotFound, or Conflict for the site's last admin.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        members = lock_members(tx.session, [site_id])[site_id]
        ended = member(members, moderator_id)
        if ended.disabled_at is not None:
            return
        check_admin_left(tx.session, members, moderator_id)
        ended.disabled_at = now
        tx.session.flush()
        own = ModeratorCredential.site_id == site_id
        revoke_credentials(tx.session, own, moderator_id=moderator_id, now=now)
        elsewhere = select(Membership.site_id).where(
            Membership.moderator_id == moderator_id, Membership.disabled_at.is_(None)
        )
        if tx.session.execute(elsewhere).first() is None:
            sessions = ModeratorCredential.kind == CredentialKind.SESSION.value
            revoke_credentials(tx.session, sessions, moderator_id=moderator_id, now=now)
        log_account(
            tx.session,
            "moderator.disabled",
            site_ids=[site_id],
            moderator_id=moderator_id,
            by=by,
            now=now,
        )


def disable_account(ctx: Context, *, moderator_id: UUID) -> None:
    """End an account at all its sites, with every session and token. The operator's to do.

    Raises NotFound, or Conflict where a site would lose its last admin.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        account = tx.session.get(Moderator, moderator_id, with_for_update=NO_KEY)
        if account is None:
            raise NotFound(NO_MODERATOR, code="moderator_not_found")
        if account.disabled_at is not None:
            return
        belongs = select(Membership.site_id).where(Membership.moderator_id == moderator_id)
        by_site = lock_members(tx.session, list(tx.session.execute(belongs).scalars()))
        for members in by_site.values():
            check_admin_left(tx.session, members, moderator_id)
        account.disabled_at = now
        revoke_credentials(tx.session, moderator_id=moderator_id, now=now)
        log_account(
            tx.session,
            "moderator.disabled",
            site_ids=by_site,
            moderator_id=moderator_id,
            by=None,
            now=now,
        )
