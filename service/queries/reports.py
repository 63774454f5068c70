"""Reads on reports: those on a comment for moderators, a reader's own, and a person's last look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from service.domain.action import CLOSING, ModeratorAction
from service.domain.reliability import Reliability, is_reliable
from service.domain.report import COOLDOWN, LastLook, ReportState
from service.models import Comment, Decision, Reader, Report, utc_now
from service.queries.comments import Page, latest_automated
from service.queries.report_facts import muted_among, rates_of, records_of
from service.queries.thread_order import Position

LOOKS = [action.value for action in CLOSING - {ModeratorAction.REQUEST_EDIT}]


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """A report as moderators see it. `username` is None for a visitor without an account.

    `reliable`: counts in the signal `reports.reliable`. `muted`: is kept and weighs nothing.
    """

    report: Report
    username: str | None
    reliability: Reliability
    reliable: bool
    muted: bool


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its sender sees it: no outcome before the decision is final."""

    report: Report
    state: ReportState
    decided_at: datetime | None


def reports_on(
    session: Session, comment_id: UUID, *, now: datetime | None = None
) -> list[ReportSeen]:
    """All reports on a comment, oldest first, each with its sender's record in its family."""
    now = now or utc_now()
    rows = session.execute(
        select(Report, Reader.username)
        .join(Reader, Reader.id == Report.reader_id, isouter=True)
        .where(Report.comment_id == comment_id)
        .order_by(Report.id)
    ).all()
    if not rows:
        return []
    reports = [report for report, _ in rows]
    rates = rates_of(session, reports[0].site_id, now)
    records = records_of(session, reports, rate=rates.site_rate, now=now)
    muted = muted_among(session, {r.reader_id for r in reports if r.reader_id}, now)
    return [
        ReportSeen(
            report=report,
            username=username,
            reliability=records[report.id],
            reliable=is_reliable(records[report.id], base_rate=rates.base_rate),
            muted=report.reader_id in muted,
        )
        for report, username in rows
    ]


def open_reports(session: Session, comment_id: UUID) -> Sequence[Report]:
    """The open reports on a comment, oldest first."""
    return session.scalars(
        select(Report)
        .where(Report.comment_id == comment_id, Report.state == ReportState.OPEN.value)
        .order_by(Report.id)
    ).all()


def own_reports(
    session: Session, *, reader_id: UUID, after: Position | None, limit: int, now: datetime
) -> Page[OwnReport]:
    """A reader's own reports, newest first."""
    order = tuple_(Report.created_at, Report.id)
    query = (
        select(Report, Decision.final_at)
        .join(Decision, Decision.id == Report.decision_id, isouter=True)
        .where(Report.reader_id == reader_id)
        .order_by(Report.created_at.desc(), Report.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        place = select(Report.created_at, Report.id).where(
            Report.id == after.id, Report.reader_id == reader_id
        )
        query = query.where(order < place.scalar_subquery())
    rows = session.execute(query).all()
    seen = [as_sent(report, final_at, now) for report, final_at in rows[:limit]]
    more = len(rows) > limit
    return Page(seen, Position(seen[-1].report.id) if more else None)


def sent_report(session: Session, report: Report, now: datetime) -> OwnReport:
    """One report as its sender sees it."""
    final_at = None
    if report.decision_id is not None:
        final_at = session.execute(
            select(Decision.final_at).where(Decision.id == report.decision_id)
        ).scalar_one()
    return as_sent(report, final_at, now)


def as_sent(report: Report, final_at: datetime | None, now: datetime) -> OwnReport:
    """What its sender may know of a report; `final_at` of the decision that closed it."""
    if final_at is not None and final_at > now:
        return OwnReport(report, ReportState.OPEN, None)
    return OwnReport(report, ReportState(report.state), report.decided_at)


def last_look(session: Session, comment: Comment, now: datetime) -> LastLook | None:
    """The newest standing decision of a person on the present revision within the cooldown.

    It was about the guideline it names, those of the reports it closed, and what the machine had
    found in the text before.
    """
    decision = session.execute(
        select(Decision)
        .where(
            Decision.comment_id == comment.id,
            Decision.revision == comment.revision,
            Decision.created_at > now - COOLDOWN,
            ~Decision.automated,
            Decision.reversed_at.is_(None),
            Decision.action.in_(LOOKS),
        )
        .order_by(Decision.created_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    if decision is None:
        return None
    closed = session.scalars(
        select(Report.guideline).where(
            Report.comment_id == comment.id, Report.decision_id == decision.id
        )
    )
    machine = latest_automated(session, comment)
    found = [rule.get("guideline") for rule in machine.rules] if machine else []
    named = {decision.guideline, *closed, *found, machine.guideline if machine else None}
    return LastLook(decision.created_at, frozenset(name for name in named if name))
