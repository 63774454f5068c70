"""Set up a publication: the site itself, its API keys, and sign-in for guests."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from service.domain.errors import Forbidden, Invalid
from service.domain.reaction import DEFAULT_KINDS, validate_kinds
from service.models import ApiKey, Site, new_id
from service.usecases.context import Context

USERNAME_MAX = 80


def create_site(
    ctx: Context,
    *,
    key: str,
    name: str,
    domains: Sequence[str] = (),
    guests_allowed: bool = False,
    sso_secret: str | None = None,
    reactions: Sequence[str] = DEFAULT_KINDS,
) -> Site:
    """Make the site, or give the one that is there unchanged.

    `reactions` are the kinds its readers may give. Raises Invalid where they are not names.
    """
    kinds = validate_kinds(reactions)
    with ctx.transaction() as tx:
        tx.session.execute(
            insert(Site)
            .values(
                id=new_id(),
                key=key,
                name=name,
                domains=[domain.lower() for domain in domains],
                guests_allowed=guests_allowed,
                sso_secrets=[sso_secret] if sso_secret else [],
                reactions=kinds,
            )
            .on_conflict_do_nothing()
        )
        return tx.session.execute(select(Site).where(Site.key == key)).scalar_one()


def create_api_key(ctx: Context, *, site_id: UUID, name: str) -> str:
    """A new API key for the publisher's systems; only now is it shown in full."""
    plain, hashed, prefix = ctx.credentials.new_api_key()
    with ctx.transaction() as tx:
        tx.session.add(ApiKey(site_id=site_id, name=name, prefix=prefix, hash=hashed))
    return plain


def welcome_guest(ctx: Context, *, site: Site, username: str) -> str:
    """A token for a guest who gave a name. Raises Forbidden or Invalid."""
    if not site.guests_allowed:
        raise Forbidden("This site does not take comments from guests.", code="guests_not_allowed")
    name = " ".join(username.split())
    if not name or len(name) > USERNAME_MAX or not name.isprintable():
        message = f"Must be 1 to {USERNAME_MAX} printable characters."
        raise Invalid({"username": [message]})
    return ctx.credentials.issue_guest_token(site.keys(), str(new_id()), name, ctx.clock())
