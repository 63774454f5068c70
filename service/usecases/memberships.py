"""What several verbs about moderators share: the locked members of a site, and their log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from service.domain.errors import Conflict, NotFound
from service.domain.identity import Role
from service.models import Event, Membership, Moderator, ModeratorCredential

# Locks an account against other changes, not against rows that refer to it.
NO_KEY = {"key_share": True}
NO_MODERATOR = "There is no moderator by this id."


def lock_members(session: Session, site_ids: Collection[UUID]) -> dict[UUID, list[Membership]]:
    """Every membership of these sites, by site, locked against changes until the end.

    All of them in one order, so that two changes at the same moment wait for each other and
    neither leaves a site without the last one who may do something.
    """
    rows = session.execute(
        select(Membership)
        .where(Membership.site_id.in_(site_ids))
        .order_by(Membership.site_id, Membership.moderator_id)
        .with_for_update()
    ).scalars()
    members: dict[UUID, list[Membership]] = {site_id: [] for site_id in site_ids}
    for row in rows:
        members[row.site_id].append(row)
    return members


def member(members: Iterable[Membership], moderator_id: UUID) -> Membership:
    """The one of them who is meant. Raises NotFound."""
    for found in members:
        if found.moderator_id == moderator_id:
            return found
    raise NotFound(NO_MODERATOR, code="moderator_not_found")


def active_ids(session: Session, members: Collection[Membership]) -> set[UUID]:
    """Which of them may work: neither the membership nor the account was ended."""
    ids = {row.moderator_id for row in members if row.disabled_at is None}
    open_accounts = select(Moderator.id).where(
        Moderator.id.in_(ids), Moderator.disabled_at.is_(None)
    )
    return set(session.execute(open_accounts).scalars())


def check_admin_left(session: Session, members: Collection[Membership], leaving: UUID) -> None:
    """Raise Conflict where nobody else could give the site an admin again."""
    admins = [row for row in members if row.role == Role.ADMIN.value]
    if active_ids(session, admins) == {leaving}:
        message = "This is the site's last admin: make somebody else an admin first."
        raise Conflict(message, code="last_admin")


def revoke_credentials(
    session: Session, *conditions: ColumnElement[bool], moderator_id: UUID, now: datetime
) -> None:
    """End a moderator's sessions and tokens, those that meet the conditions, from now on."""
    session.execute(
        update(ModeratorCredential)
        .where(
            ModeratorCredential.moderator_id == moderator_id,
            ModeratorCredential.revoked_at.is_(None),
            *conditions,
        )
        .values(revoked_at=now)
    )


def log_account(
    session: Session,
    kind: str,
    *,
    site_ids: Iterable[UUID],
    moderator_id: UUID,
    by: UUID | None,
    now: datetime,
    data: Mapping[str, str] | None = None,
) -> None:
    """Write that something was done about a moderator into the log of each site.

    Args:
        by: the moderator who did it; None for the installation's operator.
        data: ids and our own words only, never an address or a name.
    """
    session.add_all(
        Event(
            site_id=site_id,
            kind=kind,
            actor="publisher" if by is None else "moderator",
            actor_id=by,
            data={"moderator_id": str(moderator_id), **(data or {})},
            created_at=now,
        )
        for site_id in site_ids
    )
