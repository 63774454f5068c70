"""Reads on strikes and sanctions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from service.domain.errors import NotFound
from service.domain.sanction import SanctionKind
from service.models import Decision, Proposal, Reader, ReaderKind, Sanction, Strike

# A warning that was taken back was no warning.
TAKEN_BACK = ("overturned", "lifted")


def get_reader(session: Session, reader_id: UUID, *, site_id: UUID) -> Reader:
    """A reader of this site. Raises NotFound."""
    reader = session.get(Reader, reader_id)
    if reader is None or reader.site_id != site_id:
        raise NotFound("There is no reader with this id.", code="reader_not_found")
    return reader


def find_reader(
    session: Session, *, site_id: UUID, kind: ReaderKind, external_id: str
) -> Reader | None:
    """A reader by the publisher's own id, or a guest by the guest's; None for nobody."""
    return session.scalars(
        select(Reader).where(
            Reader.site_id == site_id,
            Reader.kind == kind.value,
            Reader.external_id == external_id,
        )
    ).one_or_none()


def live_sanctions(session: Session, reader_id: UUID, now: datetime) -> Sequence[Sanction]:
    """Sanctions in force, oldest first; a warning is in force until it is acknowledged."""
    return session.scalars(
        select(Sanction)
        .where(
            Sanction.reader_id == reader_id,
            Sanction.ended_at.is_(None),
            or_(Sanction.ends_at.is_(None), Sanction.ends_at > now),
        )
        .order_by(Sanction.id)
    ).all()


def live_strikes(session: Session, reader_id: UUID, now: datetime) -> Sequence[Strike]:
    """Strikes that count, oldest first."""
    return session.scalars(
        select(Strike)
        .where(
            Strike.reader_id == reader_id,
            Strike.voided_at.is_(None),
            or_(Strike.expires_at.is_(None), Strike.expires_at > now),
        )
        .order_by(Strike.id)
    ).all()


def was_warned(session: Session, reader_id: UUID, now: datetime) -> bool:
    """Whether a warning was served: acknowledged, or the reader could read it before now."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Sanction.reader_id == reader_id,
                    Sanction.kind == SanctionKind.WARN.value,
                    Sanction.decision_id == Decision.id,
                    or_(Sanction.end_reason.is_(None), Sanction.end_reason.not_in(TAKEN_BACK)),
                    or_(Sanction.acknowledged_at.is_not(None), Decision.final_at <= now),
                )
            )
        )
    )


def open_warnings(session: Session, reader_id: UUID) -> Sequence[Sanction]:
    """Warnings that the reader has not acknowledged, oldest first."""
    return session.scalars(
        select(Sanction)
        .where(
            Sanction.reader_id == reader_id,
            Sanction.kind == SanctionKind.WARN.value,
            Sanction.ended_at.is_(None),
        )
        .order_by(Sanction.id)
    ).all()


def get_sanction(
    session: Session, sanction_id: UUID, *, reader_id: UUID, site_id: UUID
) -> Sanction:
    """A sanction of this reader at this site. Raises NotFound."""
    found = session.get(Sanction, sanction_id)
    if found is None or found.reader_id != reader_id or found.site_id != site_id:
        raise NotFound("This reader has no such sanction.", code="sanction_not_found")
    return found


def open_proposals(
    session: Session, *, site_id: UUID, after: UUID | None, limit: int
) -> Sequence[Proposal]:
    """Proposals that wait for a second person, oldest first."""
    query = select(Proposal).where(Proposal.site_id == site_id, Proposal.state == "open")
    if after is not None:
        query = query.where(Proposal.id > after)
    return session.scalars(query.order_by(Proposal.id).limit(limit)).all()


def get_proposal(session: Session, proposal_id: UUID, *, site_id: UUID) -> Proposal:
    """A proposal of this site. Raises NotFound."""
    found = session.get(Proposal, proposal_id)
    if found is None or found.site_id != site_id:
        raise NotFound("There is no proposal with this id.", code="proposal_not_found")
    return found
