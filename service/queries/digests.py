"""Reads on who gets e-mails."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.models import Digest, Reader, Site


@dataclass(frozen=True, slots=True)
class Recipient:
    """A reader as a page that needs no sign-in speaks of them: not by name."""

    reader_id: UUID
    site_name: str
    locale: str


def digest_of(session: Session, reader_id: UUID) -> Digest | None:
    """What a reader chose; None where nothing was."""
    return session.get(Digest, reader_id)


def recipient_of(session: Session, reader_id: UUID) -> Recipient | None:
    """The reader of an old letter, and where it came from; None where there is none."""
    row = session.execute(
        select(Reader.id, Site.name, func.coalesce(Reader.locale, Site.locale))
        .join(Site, Site.id == Reader.site_id)
        .where(Reader.id == reader_id)
    ).one_or_none()
    return Recipient(*row) if row else None
