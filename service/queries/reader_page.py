"""Everything a moderator sees of one reader, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.reliability import Reliability
from service.domain.report import ReportState
from service.models import (
    Comment,
    Decision,
    Proposal,
    Reader,
    ReaderNote,
    Report,
    Sanction,
    Strike,
)
from service.queries.report_facts import rates_of, records_of
from service.queries.sanctions import get_reader

RECORD_DAYS = 30
REFUSED = (CommentStatus.REJECTED.value, CommentStatus.REMOVED.value)
DECIDED = (*REFUSED, CommentStatus.PUBLISHED.value, CommentStatus.HIDDEN.value)
LATEST = 20
NOTES_SHOWN, SANCTIONS_SHOWN, STRIKES_SHOWN = 50, 50, 100


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A reader's reports in one family of guidelines, and how far they can be relied on."""

    family: str
    states: Mapping[str, int]
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """One reader: who, in what standing, with what record.

    `rejection_rate` is the share (0–1) of the decided comments of the last 30 days that were
    rejected or removed, None where none was decided.
    """

    reader: Reader
    sanctions: Sequence[Sanction]
    strikes: Sequence[Strike]
    proposals: Sequence[Proposal]
    comments_by_status: Mapping[str, int]
    rejection_rate: float | None
    reports_made: Sequence[FamilyRecord]
    reports_against: Mapping[str, int]
    comments: Sequence[Comment]
    decisions: Sequence[Decision]
    notes: Sequence[ReaderNote]

    def is_live(self, row: Sanction | Strike, now: datetime) -> bool:
        """Whether a sanction is in force, or a strike counts."""
        if isinstance(row, Sanction):
            return row.ended_at is None and (row.ends_at is None or row.ends_at > now)
        return row.voided_at is None and (row.expires_at is None or row.expires_at > now)


def reader_page(session: Session, reader_id: UUID, *, site_id: UUID, now: datetime) -> ReaderPage:
    """The page of a reader of this site; each part is one read by index. Raises NotFound."""
    reader = get_reader(session, reader_id, site_id=site_id)
    return ReaderPage(
        reader=reader,
        sanctions=_sanctions(session, reader),
        strikes=_newest(session, Strike, reader, STRIKES_SHOWN),
        proposals=_proposals(session, reader),
        comments_by_status=_counts(session, Comment.status, Comment.reader_id, reader),
        rejection_rate=_rejection_rate(session, reader, now),
        reports_made=_reports_made(session, reader, now),
        reports_against=_counts(session, Report.state, Report.author_id, reader),
        comments=_newest(session, Comment, reader, LATEST),
        decisions=_decisions(session, reader),
        notes=_newest(session, ReaderNote, reader, NOTES_SHOWN),
    )


def _newest(session: Session, table: Any, reader: Reader, limit: int) -> Sequence[Any]:
    rows = session.scalars(
        select(table).where(table.reader_id == reader.id).order_by(table.id.desc()).limit(limit)
    )
    return rows.all()


def _sanctions(session: Session, reader: Reader) -> Sequence[Sanction]:
    """Those in force first, then the newest."""
    return session.scalars(
        select(Sanction)
        .where(Sanction.reader_id == reader.id)
        .order_by(Sanction.ended_at.is_not(None), Sanction.id.desc())
        .limit(SANCTIONS_SHOWN)
    ).all()


def _proposals(session: Session, reader: Reader) -> Sequence[Proposal]:
    return session.scalars(
        select(Proposal)
        .where(Proposal.reader_id == reader.id, Proposal.state == "open")
        .order_by(Proposal.id)
    ).all()


def _decisions(session: Session, reader: Reader) -> Sequence[Decision]:
    return session.scalars(
        select(Decision)
        .where(Decision.reader_id == reader.id)
        .order_by(Decision.created_at.desc(), Decision.id.desc())
        .limit(LATEST)
    ).all()


def _counts(session: Session, value: Any, whose: Any, reader: Reader) -> dict[str, int]:
    rows = session.execute(
        select(value, func.count()).where(whose == reader.id).group_by(value).order_by(value)
    )
    return {row[0]: row[1] for row in rows}


def _rejection_rate(session: Session, reader: Reader, now: datetime) -> float | None:
    decided, refused = session.execute(
        select(func.count(), func.count().filter(Comment.status.in_(REFUSED))).where(
            Comment.reader_id == reader.id,
            Comment.created_at > now - timedelta(days=RECORD_DAYS),
            Comment.status.in_(DECIDED),
        )
    ).one()
    return refused / decided if decided else None


def _reports_made(session: Session, reader: Reader, now: datetime) -> list[FamilyRecord]:
    rows = session.execute(
        select(Report.family, Report.state, func.count())
        .where(Report.reader_id == reader.id)
        .group_by(Report.family, Report.state)
    ).all()
    if not rows:
        return []
    one_each = session.scalars(
        select(Report)
        .distinct(Report.family)
        .where(Report.reader_id == reader.id)
        .order_by(Report.family)
    ).all()
    rate = rates_of(session, reader.site_id, now).site_rate
    records = records_of(session, one_each, rate=rate, now=now)
    return [
        FamilyRecord(
            family=report.family,
            states=dict.fromkeys(ReportState, 0)
            | {state: number for family, state, number in rows if family == report.family},
            reliability=records[report.id],
        )
        for report in one_each
    ]
