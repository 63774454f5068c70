"""Give a moderator's account another password."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement

from service.domain.errors import Invalid, NotFound
from service.domain.password import accept_password
from service.models import CredentialKind, Moderator, ModeratorCredential
from service.queries.moderators import sites_of
from service.usecases.context import Context
from service.usecases.memberships import NO_KEY, NO_MODERATOR, log_account, revoke_credentials

# Tokens stay: they were made to work without a password.
ENDED = (CredentialKind.SESSION.value, CredentialKind.LINK.value)


def set_password(ctx: Context, *, moderator_id: UUID, password: str) -> None:
    """Set it without asking for the old one, and end every session: the operator's to do.

    Raises Invalid (password) or NotFound.
    """
    account = _account(ctx, moderator_id)
    accept_password(password, email=account.email, name=account.name)
    _store(ctx, account, password, by=None, keep=None)


def change_own_password(
    ctx: Context, *, moderator_id: UUID, current: str, password: str, session_id: UUID
) -> None:
    """Set it as the account's holder, and end every session but this one.

    Raises Invalid (current_password, password).
    """
    account = _account(ctx, moderator_id)
    if not ctx.credentials.check_password(account.password_hash, current).holds:
        raise Invalid({"current_password": ["Is not the password of this account."]})
    accept_password(password, email=account.email, name=account.name)
    _store(ctx, account, password, by=moderator_id, keep=session_id)


def _account(ctx: Context, moderator_id: UUID) -> Moderator:
    with ctx.reading() as session:
        account = session.get(Moderator, moderator_id)
    if account is None:
        raise NotFound(NO_MODERATOR, code="moderator_not_found")
    return account


def _store(
    ctx: Context, account: Moderator, password: str, *, by: UUID | None, keep: UUID | None
) -> None:
    hashed = ctx.credentials.hash_password(password)
    now = ctx.clock()
    with ctx.transaction() as tx:
        changed = tx.session.get_one(Moderator, account.id, with_for_update=NO_KEY)
        changed.password_hash = hashed
        conditions: list[ColumnElement[bool]] = [ModeratorCredential.kind.in_(ENDED)]
        if keep is not None:
            conditions.append(ModeratorCredential.id != keep)
        revoke_credentials(tx.session, *conditions, moderator_id=account.id, now=now)
        log_account(
            tx.session,
            "moderator.password_set",
            site_ids=[site.id for site, _ in sites_of(tx.session, account.id)],
            moderator_id=account.id,
            by=by,
            now=now,
        )
