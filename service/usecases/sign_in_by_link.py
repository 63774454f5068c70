"""Begin a moderator's session with a one-time code."""

from __future__ import annotations

from sqlalchemy import update

from service.domain.errors import Unauthenticated
from service.models import CredentialKind, Moderator, ModeratorCredential
from service.usecases.context import Context
from service.usecases.memberships import NO_KEY
from service.usecases.sign_in import SignedIn, begin_session

REFUSAL = "This sign-in link was used already, has run out, or never was one."


def sign_in_by_link(ctx: Context, *, code: str) -> SignedIn:
    """Use up a code and begin a session for all sites of its account.

    1. One answer for a code that was used, ran out, was never given, or whose account has ended.
    2. Of two who show the same code at the same moment one is let in.
    3. Every site's log says that this moderator signed in, by a link.

    Raises Unauthenticated.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        owner = tx.session.execute(
            update(ModeratorCredential)
            .where(
                ModeratorCredential.hash == ctx.credentials.hash_api_key(code),
                ModeratorCredential.kind == CredentialKind.LINK.value,
                ModeratorCredential.revoked_at.is_(None),
                ModeratorCredential.expires_at > now,
            )
            .values(revoked_at=now)
            .returning(ModeratorCredential.moderator_id)
        ).scalar_one_or_none()
        if owner is None:
            raise _refused()
        account = tx.session.get_one(Moderator, owner, with_for_update=NO_KEY)
        signed_in = begin_session(ctx, tx.session, account, now, way="link")
        if signed_in is None:
            raise _refused()
    return signed_in


def _refused() -> Unauthenticated:
    return Unauthenticated(REFUSAL, code="sign_in_failed")
