"""Make a one-time code with which a moderator signs in without a password."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from service.domain.errors import Conflict, NotFound
from service.models import CredentialKind, Moderator, ModeratorCredential, new_id
from service.queries.moderators import sites_of
from service.usecases.context import Context
from service.usecases.memberships import NO_KEY, NO_MODERATOR, log_account

# Long enough to change the window, too short to lie about in a history or a log.
LINK_LIFETIME = timedelta(minutes=15)


def make_sign_in_link(ctx: Context, *, moderator_id: UUID) -> str:
    """A new code, shown only now; `sign_in_by_link` takes it once, within 15 minutes.

    Only the installation's operator makes one: whoever has it is that moderator, at all sites of
    the account. Every site's log says that it was made.

    Raises NotFound, or Conflict where the account may work nowhere.
    """
    plain, hashed = ctx.credentials.new_sign_in_code()
    now = ctx.clock()
    with ctx.transaction() as tx:
        account = tx.session.get(Moderator, moderator_id, with_for_update=NO_KEY)
        if account is None:
            raise NotFound(NO_MODERATOR, code="moderator_not_found")
        sites = sites_of(tx.session, account.id)
        if account.disabled_at is not None or not sites:
            message = "This account is disabled, or belongs to no site."
            raise Conflict(message, code="account_disabled")
        tx.session.add(
            ModeratorCredential(
                id=new_id(),
                moderator_id=account.id,
                kind=CredentialKind.LINK.value,
                hash=hashed,
                created_at=now,
                expires_at=now + LINK_LIFETIME,
            )
        )
        log_account(
            tx.session,
            "moderator.link_made",
            site_ids=[site.id for site, _ in sites],
            moderator_id=account.id,
            by=None,
            now=now,
        )
    return plain
