"""End a moderator's session."""

from __future__ import annotations

from uuid import UUID

from service.models import ModeratorCredential
from service.queries.moderators import sites_of
from service.usecases.context import Context
from service.usecases.memberships import log_account, revoke_credentials


def sign_out(ctx: Context, *, moderator_id: UUID, session_id: UUID) -> None:
    """The session stops at once; others of the same moderator go on."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        this = ModeratorCredential.id == session_id
        revoke_credentials(tx.session, this, moderator_id=moderator_id, now=now)
        log_account(
            tx.session,
            "moderator.signed_out",
            site_ids=[site.id for site, _ in sites_of(tx.session, moderator_id)],
            moderator_id=moderator_id,
            by=moderator_id,
            now=now,
        )
