"""Find the reader a credential speaks of, or make one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.models import Reader, ReaderKind, new_id
from service.usecases.context import Context


def recognise_reader(
    ctx: Context,
    *,
    site_id: UUID,
    external_id: str,
    username: str,
    avatar: str | None = None,
    badges: Sequence[str] = (),
    issued_at: datetime | None = None,
    kind: ReaderKind = ReaderKind.SSO,
) -> Reader:
    """The reader with this id at the publisher; made on the first visit.

    Name, avatar and badges follow the newest token: one issued before the last seen changes
    nothing.
    """
    with ctx.reading() as session:
        known = _find(session, site_id, kind, external_id)
    profile = (username, avatar, list(badges))
    if known is not None and (
        profile == (known.username, known.avatar, known.badges)
        or not _is_newer(issued_at, known.profile_at)
    ):
        return known
    with ctx.transaction() as tx:
        session = tx.session
        if known is None:
            session.execute(
                insert(Reader)
                .values(
                    id=new_id(),
                    site_id=site_id,
                    kind=kind.value,
                    external_id=external_id,
                    username=username,
                    avatar=avatar,
                    badges=list(badges),
                    profile_at=issued_at,
                )
                .on_conflict_do_nothing()
            )
        # Made by us, or by whoever won the race.
        reader = _get(session, site_id, kind, external_id)
        if _is_newer(issued_at, reader.profile_at):
            reader.username, reader.avatar, reader.badges = profile
            reader.profile_at = issued_at
    return reader


def _find(session: Session, site_id: UUID, kind: ReaderKind, external_id: str) -> Reader | None:
    return session.execute(
        select(Reader).where(
            Reader.site_id == site_id,
            Reader.kind == kind.value,
            Reader.external_id == external_id,
        )
    ).scalar_one_or_none()


def _get(session: Session, site_id: UUID, kind: ReaderKind, external_id: str) -> Reader:
    reader = _find(session, site_id, kind, external_id)
    if reader is None:
        raise LookupError("a reader vanished between two statements of one transaction")
    return reader


def _is_newer(issued_at: datetime | None, seen: datetime | None) -> bool:
    return issued_at is not None and (seen is None or issued_at > seen)
