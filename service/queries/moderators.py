"""Who moderates a site, and what one moderator looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from service.domain.errors import NotFound
from service.domain.wellbeing import pause_suggested
from service.models import (
    CredentialKind,
    Exposure,
    Membership,
    Moderator,
    ModeratorCredential,
    Site,
)

DAYS_SHOWN = 7
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Member:
    """A moderator of one site with the tokens that hold there."""

    account: Moderator
    membership: Membership
    tokens: list[ModeratorCredential] = field(default_factory=list)

    @property
    def is_disabled(self) -> bool:
        """Whether the work at this site, or the whole account, was ended."""
        return self.membership.disabled_at is not None or self.account.disabled_at is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """How many texts were opened in an hour or on a day (UTC), and how many were severe."""

    seen: int
    severe: int
    day: date
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class OwnExposure:
    """What a moderator looked at: today by the hour, and the last 7 days with today."""

    today: list[Seen]
    days: list[Seen]
    pause_suggested: bool


def sites_of(session: Session, moderator_id: UUID) -> list[tuple[Site, str]]:
    """Where somebody may work, each with the role there; by the key of the site."""
    rows = session.execute(
        select(Site, Membership.role)
        .join(Membership, Membership.site_id == Site.id)
        .where(Membership.moderator_id == moderator_id, Membership.disabled_at.is_(None))
        .order_by(Site.key)
    )
    return [(site, role) for site, role in rows]


def members_of(session: Session, site_id: UUID, now: datetime) -> list[Member]:
    """Everybody who moderates or moderated the site, the oldest member first."""
    return _members(session, _of_site(site_id), site_id, now)


def get_member(session: Session, moderator_id: UUID, *, site_id: UUID, now: datetime) -> Member:
    """One of them. Raises NotFound."""
    one = _of_site(site_id).where(Moderator.id == moderator_id)
    found = _members(session, one, site_id, now)
    if not found:
        raise NotFound("There is no moderator by this id.", code="moderator_not_found")
    return found[0]


def find_account(session: Session, email: str) -> Moderator:
    """An account by its address. Raises NotFound."""
    account = session.execute(
        select(Moderator).where(Moderator.email == email.strip().lower())
    ).scalar_one_or_none()
    if account is None:
        raise NotFound("There is no account of this address.", code="account_not_found")
    return account


def members_called(session: Session, name: str, *, site_id: UUID) -> Sequence[Moderator]:
    """Who goes by this name at the site."""
    named = _of_site(site_id).where(Moderator.name == name)
    return [account for account, _ in session.execute(named)]


def own_exposure(session: Session, moderator_id: UUID, now: datetime) -> OwnExposure:
    """What one moderator looked at. For that person's eyes only."""
    rows = session.execute(
        select(Exposure)
        .where(
            Exposure.moderator_id == moderator_id,
            Exposure.day > now.date() - timedelta(days=DAYS_SHOWN),
        )
        .order_by(Exposure.day, Exposure.hour)
    ).scalars()
    hours = {(row.day, row.hour): row for row in rows}
    days = [now.date() - timedelta(days=back) for back in range(DAYS_SHOWN)]
    before = now - AN_HOUR
    this_hour, last_hour = (
        hours.get((now.date(), now.hour)),
        hours.get((before.date(), before.hour)),
    )
    return OwnExposure(
        today=[
            Seen(row.seen, row.severe, row.day, row.hour)
            for row in hours.values()
            if row.day == now.date()
        ],
        days=[_total(day, [row for row in hours.values() if row.day == day]) for day in days],
        pause_suggested=pause_suggested(
            this_hour=this_hour.severe if this_hour else 0,
            last_hour=last_hour.severe if last_hour else 0,
            minute=now.minute,
        ),
    )


def _total(day: date, rows: Sequence[Exposure]) -> Seen:
    return Seen(sum(row.seen for row in rows), sum(row.severe for row in rows), day)


def _of_site(site_id: UUID) -> Select[Moderator, Membership]:
    return (
        select(Moderator, Membership)
        .join(Membership, Membership.moderator_id == Moderator.id)
        .where(Membership.site_id == site_id)
        .order_by(Membership.created_at, Moderator.id)
    )


def _members(
    session: Session,
    wanted: Select[Moderator, Membership],
    site_id: UUID,
    now: datetime,
) -> list[Member]:
    found = {account.id: Member(account, row) for account, row in session.execute(wanted)}
    tokens = session.execute(
        select(ModeratorCredential)
        .where(
            ModeratorCredential.moderator_id.in_(found),
            ModeratorCredential.site_id == site_id,
            ModeratorCredential.kind == CredentialKind.TOKEN.value,
            ModeratorCredential.revoked_at.is_(None),
            or_(ModeratorCredential.expires_at.is_(None), ModeratorCredential.expires_at > now),
        )
        .order_by(ModeratorCredential.id)
    ).scalars()
    for token in tokens:
        found[token.moderator_id].tokens.append(token)
    return list(found.values())
