"""Make an API token for a moderator of a site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service.domain.errors import Conflict
from service.models import CredentialKind, ModeratorCredential, new_id
from service.usecases.context import Context
from service.usecases.memberships import active_ids, lock_members, log_account, member


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `plain` is shown this once."""

    stored: ModeratorCredential
    plain: str


def create_moderator_token(
    ctx: Context,
    *,
    site_id: UUID,
    moderator_id: UUID,
    name: str = "",
    lifetime: timedelta | None = None,
    by: UUID | None = None,
) -> NewToken:
    """A token acts as its moderator, at this site only, with the role held at the time of use.

    Args:
        name: what it is for, so that the right one can be revoked.
        lifetime: None for no end but revoking.
        by: the admin who makes it; None for the operator.

    Raises NotFound, or Conflict where the moderator is disabled.
    """
    plain, hashed, prefix = ctx.credentials.new_moderator_token()
    now = ctx.clock()
    with ctx.transaction() as tx:
        members = lock_members(tx.session, [site_id])[site_id]
        holder = member(members, moderator_id)
        if not active_ids(tx.session, [holder]):
            raise Conflict("This moderator is disabled.", code="moderator_disabled")
        token = ModeratorCredential(
            id=new_id(),
            moderator_id=moderator_id,
            kind=CredentialKind.TOKEN.value,
            hash=hashed,
            site_id=site_id,
            name=name,
            prefix=prefix,
            made_by=by,
            created_at=now,
            expires_at=now + lifetime if lifetime else None,
        )
        tx.session.add(token)
        log_account(
            tx.session,
            "moderator.token_created",
            site_ids=[site_id],
            moderator_id=moderator_id,
            by=by,
            now=now,
            data={"token_id": str(token.id)},
        )
    return NewToken(token, plain)
