"""Take an API token back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from service.domain.errors import NotFound
from service.models import CredentialKind, ModeratorCredential
from service.usecases.context import Context
from service.usecases.memberships import log_account


def revoke_moderator_token(
    ctx: Context, *, site_id: UUID, moderator_id: UUID, token_id: UUID, by: UUID | None = None
) -> None:
    """The token stops at once; one that was revoked before stays as it is. Raises NotFound."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        token = tx.session.execute(
            select(ModeratorCredential)
            .where(
                ModeratorCredential.id == token_id,
                ModeratorCredential.moderator_id == moderator_id,
                ModeratorCredential.site_id == site_id,
                ModeratorCredential.kind == CredentialKind.TOKEN.value,
            )
            .with_for_update()
        ).scalar_one_or_none()
        if token is None:
            raise NotFound("There is no token by this id.", code="token_not_found")
        if token.revoked_at is not None:
            return
        token.revoked_at = now
        log_account(
            tx.session,
            "moderator.token_revoked",
            site_ids=[site_id],
            moderator_id=moderator_id,
            by=by,
            now=now,
            data={"token_id": str(token_id)},
        )
