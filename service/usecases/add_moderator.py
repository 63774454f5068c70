"""Give somebody a role at a site, with a new account or the one there is."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.domain.errors import Conflict, Invalid
from service.domain.identity import Role
from service.domain.password import accept_password
from service.models import Membership, Moderator, new_id
from service.usecases.context import Context
from service.usecases.memberships import log_account

EMAIL_MAX, NAME_MAX = 254, 80
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def add_moderator(
    ctx: Context,
    *,
    site_id: UUID,
    email: str,
    name: str,
    role: Role,
    password: str | None = None,
    by: UUID | None = None,
) -> Moderator:
    """Make the account if there is none of this address, and let it work at the site.

    Args:
        name: taken for a new account; an account that exists keeps its own.
        password: for a new account only. Without one the account works with tokens alone. Only
            the operator sets it: whoever knows the password of an account knows all its sites.
        by: the admin who adds; None for the operator.

    Raises Invalid (email, name, password), or Conflict where the account belongs to the site
    already, is disabled, or exists and a password was given.
    """
    email, name = tidy_email(email), tidy_name(name)
    hashed = None
    if password is not None:
        accept_password(password, email=email, name=name)
        hashed = ctx.credentials.hash_password(password)
    now = ctx.clock()
    with ctx.transaction() as tx:
        account_id = new_id()
        tx.session.execute(
            insert(Moderator)
            .values(id=account_id, email=email, name=name, password_hash=hashed, created_at=now)
            .on_conflict_do_nothing(index_elements=[Moderator.email])
        )
        account = tx.session.execute(
            select(Moderator).where(Moderator.email == email).with_for_update(key_share=True)
        ).scalar_one()
        _check_may_join(tx.session, account, site_id)
        if hashed is not None and account.id != account_id:
            message = "There is an account of this address; it keeps its password."
            raise Conflict(message, code="account_exists")
        tx.session.add(
            Membership(moderator_id=account.id, site_id=site_id, role=role.value, created_at=now)
        )
        log_account(
            tx.session,
            "moderator.added",
            site_ids=[site_id],
            moderator_id=account.id,
            by=by,
            now=now,
            data={"role": role.value},
        )
    return account


def tidy_email(email: str) -> str:
    """An address as it is stored: lower case. Raises Invalid for what is none."""
    text = email.strip().lower()
    if len(text) > EMAIL_MAX or not text.isprintable() or not EMAIL.fullmatch(text):
        raise Invalid({"email": ["Is not an e-mail address."]})
    return text


def tidy_name(name: str) -> str:
    """A name with single spaces. Raises Invalid for none, or one that cannot be shown."""
    text = " ".join(name.split())
    if not 0 < len(text) <= NAME_MAX or not text.isprintable():
        raise Invalid({"name": [f"Must be 1 to {NAME_MAX} printable characters."]})
    return text


def _check_may_join(session: Session, account: Moderator, site_id: UUID) -> None:
    if account.disabled_at is not None:
        raise Conflict("This account was disabled by the operator.", code="account_disabled")
    membership = session.get(Membership, (account.id, site_id))
    if membership is not None:
        ended = " and is disabled there" if membership.disabled_at else ""
        message = f"This account belongs to the site already{ended}."
        raise Conflict(message, code="already_member")
