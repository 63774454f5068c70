"""Begin a moderator's session with an address and a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.domain.errors import Unauthenticated
from service.models import CredentialKind, Moderator, ModeratorCredential, Site, new_id
from service.queries.moderators import sites_of
from service.usecases.context import Context
from service.usecases.memberships import NO_KEY, log_account

# A long day. There is no shorter end for idling: it would cost a write with every request.
SESSION_LIFETIME = timedelta(hours=12)
REFUSAL = "E-mail or password is wrong."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just begun: whose it is, where it holds, and the value of its cookie."""

    moderator: Moderator
    sites: list[tuple[Site, str]]
    session: str


def sign_in(ctx: Context, *, email: str, password: str) -> SignedIn:
    """Check the password and begin a session for all sites of the account.

    1. One answer, after the same work, for: no such account, no password set, a wrong password,
       a disabled account, an account that belongs to no site.
    2. A hash by older parameters is renewed.
    3. Every site's log says that this moderator signed in.

    Raises Unauthenticated.
    """
    email = email.strip().lower()
    with ctx.reading() as reading:
        account = reading.execute(
            select(Moderator).where(Moderator.email == email)
        ).scalar_one_or_none()
    stored = account.password_hash if account else None
    check = ctx.credentials.check_password(stored, password)
    if account is None or not check.holds:
        raise _refused()
    now = ctx.clock()
    with ctx.transaction() as tx:
        current = tx.session.get_one(Moderator, account.id, with_for_update=NO_KEY)
        # The password may have been changed while it was being checked.
        if current.password_hash != stored:
            raise _refused()
        if check.renewed is not None:
            current.password_hash = check.renewed
        signed_in = begin_session(ctx, tx.session, current, now)
        if signed_in is None:
            raise _refused()
    return signed_in


def begin_session(
    ctx: Context, session: Session, account: Moderator, now: datetime, *, way: str | None = None
) -> SignedIn | None:
    """Begin a session of an account that is locked; None where it may work nowhere.

    `way`: how the account was shown to be somebody's, for the log; None for a password.
    """
    sites = sites_of(session, account.id)
    if account.disabled_at is not None or not sites:
        return None
    plain, hashed = ctx.credentials.new_session()
    _store(session, account, hashed, now)
    log_account(
        session,
        "moderator.signed_in",
        site_ids=[site.id for site, _ in sites],
        moderator_id=account.id,
        by=account.id,
        now=now,
        data={"way": way} if way else None,
    )
    return SignedIn(account, sites, plain)


def _store(session: Session, account: Moderator, hashed: str, now: datetime) -> None:
    """Keep the new session, and forget what of this account ran out: sessions and links."""
    kinds = (CredentialKind.SESSION.value, CredentialKind.LINK.value)
    session.execute(
        delete(ModeratorCredential).where(
            ModeratorCredential.kind.in_(kinds),
            ModeratorCredential.moderator_id == account.id,
            ModeratorCredential.expires_at <= now,
        )
    )
    session.add(
        ModeratorCredential(
            id=new_id(),
            moderator_id=account.id,
            kind=CredentialKind.SESSION.value,
            hash=hashed,
            created_at=now,
            expires_at=now + SESSION_LIFETIME,
        )
    )


def _refused() -> Unauthenticated:
    return Unauthenticated(REFUSAL, code="sign_in_failed")
