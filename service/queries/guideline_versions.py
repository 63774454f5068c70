"""Guideline files a site may see, and when each came into force there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session

from service.domain.errors import Invalid, NotFound
from service.models import GuidelineActivation, GuidelineVersion, Moderator


@dataclass(frozen=True, slots=True)
class Activated:
    """Once that a version came into force. Without a moderator it was the command line."""

    at: datetime
    moderator_id: UUID | None
    moderator: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version and its activations at one site, newest first."""

    version: str
    label: str
    installed: bool
    created_at: datetime
    activations: Sequence[Activated]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One page of a site's versions; `next` is the version the next page begins after."""

    versions: Sequence[ListedVersion]
    next: str | None


def newest_activations(
    session: Session, *, site_id: UUID, limit: int = 1
) -> Sequence[GuidelineActivation]:
    """What was put in force at a site, newest first."""
    return session.scalars(
        select(GuidelineActivation)
        .where(GuidelineActivation.site_id == site_id)
        .order_by(GuidelineActivation.id.desc())
        .limit(limit)
    ).all()


def version_before(session: Session, *, site_id: UUID, version: str | None) -> str | None:
    """The version in force before the present one (`version`), None for the installation's own.

    Raises NotFound where nothing was ever put in force at the site.
    """
    other = GuidelineActivation.version.is_distinct_from(version)
    found = session.scalars(
        select(GuidelineActivation)
        .where(GuidelineActivation.site_id == site_id, other)
        .order_by(GuidelineActivation.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None and version is None:
        raise NotFound("There is no version to go back to.", code="nothing_to_roll_back")
    return found.version if found is not None else None


def version_page(session: Session, *, site_id: UUID, after: str | None, limit: int) -> VersionPage:
    """Versions a site may see, newest first: its own, and the installation's.

    Raises Invalid where `after` is no version of this list.
    """
    newest_first = tuple_(GuidelineVersion.created_at, GuidelineVersion.version)
    found = select(GuidelineVersion).where(_visible(site_id))
    if after is not None:
        last = session.scalars(found.where(GuidelineVersion.version == after)).one_or_none()
        if last is None:
            raise Invalid({"cursor": ["Is not a cursor of this list."]})
        found = found.where(newest_first < (last.created_at, last.version))
    order = (GuidelineVersion.created_at.desc(), GuidelineVersion.version.desc())
    rows = session.scalars(found.order_by(*order).limit(limit + 1)).all()
    page = rows[:limit]
    activated = _activations(session, site_id=site_id, versions=[row.version for row in page])
    return VersionPage(
        versions=[_listed(row, activated[row.version]) for row in page],
        next=page[-1].version if len(rows) > limit else None,
    )


def find_version(session: Session, *, site_id: UUID, version: str) -> GuidelineVersion:
    """A version the site may see, with its text. Raises NotFound."""
    row = session.scalars(
        select(GuidelineVersion).where(GuidelineVersion.version == version, _visible(site_id))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no version of the guidelines by that name.")
    return row


def activations_of(session: Session, *, site_id: UUID, version: str) -> Sequence[Activated]:
    """When a version came into force at a site, newest first."""
    return _activations(session, site_id=site_id, versions=[version])[version]


def _visible(site_id: UUID) -> ColumnElement[bool]:
    """The installation's own files are everybody's; others belong to the sites that used them."""
    used_here = select(GuidelineActivation.version).where(GuidelineActivation.site_id == site_id)
    return or_(GuidelineVersion.installed, GuidelineVersion.version.in_(used_here))


def _listed(row: GuidelineVersion, activations: Sequence[Activated]) -> ListedVersion:
    return ListedVersion(
        version=row.version,
        label=row.label,
        installed=row.installed,
        created_at=row.created_at,
        activations=activations,
    )


def _activations(
    session: Session, *, site_id: UUID, versions: Sequence[str]
) -> Mapping[str, list[Activated]]:
    rows = session.execute(
        select(GuidelineActivation, Moderator.name)
        .outerjoin(Moderator, Moderator.id == GuidelineActivation.activated_by)
        .where(GuidelineActivation.site_id == site_id, GuidelineActivation.version.in_(versions))
        .order_by(GuidelineActivation.id.desc())
    )
    by_version: dict[str, list[Activated]] = defaultdict(list)
    for row, name in rows:
        activated = Activated(row.activated_at, row.activated_by, name, row.note)
        by_version[row.version or ""].append(activated)
    return by_version
