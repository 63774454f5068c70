"""Who is calling: a reader, a publisher, a moderator or nobody, and at which site."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.domain.errors import Forbidden, NotFound, Unauthenticated
from service.domain.identity import Role
from service.models import (
    ApiKey,
    CredentialKind,
    Membership,
    Moderator,
    ModeratorCredential,
    Reader,
    ReaderKind,
    Site,
)
from service.usecases.context import Context
from service.usecases.recognise_reader import recognise_reader

NO_SITE = "There is no site by this name."


class CallerKind(StrEnum):
    """The kinds of caller a route can name."""

    READER = "reader"
    PUBLISHER = "publisher"
    MODERATOR = "moderator"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Caller:
    """An identified caller. `reader` is set for readers, `moderator` for moderators only.

    `email` is what a reader's sign-in says of the address, if it does.
    """

    kind: CallerKind
    site: Site
    reader: Reader | None = None
    moderator: SignedInModerator | None = None
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedInModerator:
    """A moderator at one site."""

    id: UUID
    name: str
    role: Role
    opted_out: tuple[str, ...] = ()
    # Set where a session was shown, not a token.
    session_id: UUID | None = None
    # False for a token that somebody else made: it does not open what is this person's alone.
    is_own: bool = True


def identify_caller(ctx: Context, *, credential: str | None, site_key: str | None) -> Caller:
    """Check the credential and find its site.

    Without a credential the caller is nobody, at the site asked for or the default one. A
    publisher's key and a moderator's token know their site. A reader's token is checked with
    the secrets of the site asked for, so a token of another site does not hold.

    Raises Unauthenticated, or NotFound where there is no such site.
    """
    if credential is not None and ctx.credentials.is_api_key(credential):
        return _publisher(ctx, credential)
    if credential is not None and ctx.credentials.is_moderator_token(credential):
        return _moderator(ctx, credential, site_key)
    site = _site(ctx, site_key or ctx.default_site)
    if credential is None:
        return Caller(CallerKind.NOBODY, site)
    claims = ctx.credentials.read_token(credential, site.keys(), ctx.clock())
    if claims.is_guest and not site.guests_allowed:
        raise Forbidden("This site does not take comments from guests.", code="guests_not_allowed")
    reader = recognise_reader(
        ctx,
        site_id=site.id,
        external_id=claims.id,
        username=claims.username,
        avatar=claims.avatar,
        badges=claims.badges,
        issued_at=claims.issued_at,
        kind=ReaderKind.GUEST if claims.is_guest else ReaderKind.SSO,
    )
    return Caller(CallerKind.READER, site, reader, email=claims.email)


def _site(ctx: Context, key: str) -> Site:
    def find() -> Site:
        with ctx.reading() as session:
            return find_site(session, key)

    return ctx.sites.get(key, find)


def find_site(session: Session, key: str) -> Site:
    """The site by its key. Raises NotFound."""
    site = session.execute(select(Site).where(Site.key == key)).scalar_one_or_none()
    if site is None:
        raise NotFound(NO_SITE, code="site_not_found")
    return site


def _publisher(ctx: Context, key: str) -> Caller:
    with ctx.reading() as session:
        site = session.execute(
            select(Site)
            .join(ApiKey, ApiKey.site_id == Site.id)
            .where(ApiKey.hash == ctx.credentials.hash_api_key(key), ApiKey.revoked_at.is_(None))
        ).scalar_one_or_none()
    if site is None:
        raise Unauthenticated("This API key is not known, or was revoked.", code="api_key_unknown")
    return Caller(CallerKind.PUBLISHER, site)


def identify_session(ctx: Context, *, session: str, site_key: str | None) -> Caller:
    """Check a moderator's session; a session is good for all sites its moderator belongs to.

    The site is the one asked for, else the first by its key.

    Raises Unauthenticated where the session ended or never was, and NotFound, as if there were
    no such site, where the moderator does not belong to it.
    """
    with ctx.reading() as reading:
        rows = reading.execute(
            _memberships()
            .join(ModeratorCredential, ModeratorCredential.moderator_id == Moderator.id)
            .add_columns(ModeratorCredential)
            .where(
                ModeratorCredential.hash == ctx.credentials.hash_api_key(session),
                ModeratorCredential.kind == CredentialKind.SESSION.value,
                ModeratorCredential.revoked_at.is_(None),
                ModeratorCredential.expires_at > ctx.clock(),
            )
            .order_by(Site.key)
        ).all()
    if not rows:
        raise Unauthenticated("This session has ended; please sign in.", code="session_ended")
    chosen = next((row for row in rows if site_key in (None, row[2].key)), None)
    if chosen is None:
        raise NotFound(NO_SITE, code="site_not_found")
    return _signed_in(*chosen)


def _moderator(ctx: Context, token: str, site_key: str | None) -> Caller:
    """A moderator's API token is for one site, and holds while its moderator belongs there."""
    now = ctx.clock()
    with ctx.reading() as session:
        row = session.execute(
            _memberships()
            .join(
                ModeratorCredential,
                (ModeratorCredential.moderator_id == Moderator.id)
                & (ModeratorCredential.site_id == Site.id),
            )
            .add_columns(ModeratorCredential)
            .where(
                ModeratorCredential.hash == ctx.credentials.hash_api_key(token),
                ModeratorCredential.kind == CredentialKind.TOKEN.value,
                ModeratorCredential.revoked_at.is_(None),
            )
        ).one_or_none()
    if row is None or (row[3].expires_at is not None and row[3].expires_at <= now):
        raise Unauthenticated("This token is not known, or was revoked.", code="token_unknown")
    if site_key not in (None, row[2].key):
        raise NotFound(NO_SITE, code="site_not_found")
    return _signed_in(*row)


def _memberships() -> Select[Moderator, Membership, Site]:
    """Who belongs where, as far as nobody ended it."""
    return (
        select(Moderator, Membership, Site)
        .join(Membership, Membership.moderator_id == Moderator.id)
        .join(Site, Site.id == Membership.site_id)
        .where(Moderator.disabled_at.is_(None), Membership.disabled_at.is_(None))
    )


def _signed_in(
    person: Moderator, membership: Membership, site: Site, shown: ModeratorCredential
) -> Caller:
    moderator = SignedInModerator(
        person.id,
        person.name,
        Role(membership.role),
        tuple(membership.opted_out),
        session_id=shown.id if shown.kind == CredentialKind.SESSION.value else None,
        is_own=shown.made_by in (None, person.id),
    )
    return Caller(CallerKind.MODERATOR, site, moderator=moderator)
