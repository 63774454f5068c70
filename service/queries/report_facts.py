"""What the weight of reports is computed from: reporters' records, and the rates of a site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Float, cast, extract, func, literal, select
from sqlalchemy.orm import Session

from service.domain.automation import DecisionSource
from service.domain.comment import CommentStatus
from service.domain.reliability import HALF_LIFE_DAYS, Reliability, reliability, site_rate
from service.domain.report import ReportState, base_rate
from service.models import Comment, Decision, Reader, Report

RATE_WINDOW = timedelta(days=90)
# The newest so many tell a site's rates well enough, and reading them stays quick.
ROWS_FOR_A_RATE = 1_000
SECONDS_PER_DAY = 86_400
ADJUDICATED = (ReportState.UPHELD.value, ReportState.DISMISSED.value)
REFUSED = (CommentStatus.REJECTED.value, CommentStatus.REMOVED.value)


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares (0–1) at one site: of decided reports upheld, and of comments that broke a rule."""

    site_rate: float
    base_rate: float


def rates_of(session: Session, site_id: UUID, now: datetime) -> Rates:
    """The rates of a site.

    1. Of its newest 1,000 decided reports, how many were upheld.
    2. Of the newest 1,000 comments the rules decided on in 90 days, how many ended rejected or
       removed. What people picked out for a look would say more of their picking.
    Both start from a prior, so that a new site has them too.
    """
    decided = (
        select(Report.state)
        .where(Report.site_id == site_id, Report.state.in_(ADJUDICATED))
        .order_by(Report.decided_at.desc())
        .limit(ROWS_FOR_A_RATE)
        .subquery()
    )
    upheld, adjudicated = session.execute(
        select(
            func.count().filter(decided.c.state == ReportState.UPHELD.value), func.count()
        ).select_from(decided)
    ).one()
    checked = (
        select(Decision.comment_id)
        .where(
            Decision.site_id == site_id,
            Decision.created_at > now - RATE_WINDOW,
            Decision.automated,
            Decision.source == DecisionSource.RULE.value,
            Decision.comment_id.is_not(None),
        )
        .order_by(Decision.created_at.desc())
        .limit(ROWS_FOR_A_RATE)
        .subquery()
    )
    broken, comments = session.execute(
        select(func.count().filter(Comment.status.in_(REFUSED)), func.count()).join_from(
            checked, Comment, Comment.id == checked.c.comment_id
        )
    ).one()
    return Rates(site_rate(upheld, adjudicated), base_rate(broken, comments))


def records_of(
    session: Session, reports: Sequence[Report], *, rate: float, now: datetime
) -> dict[UUID, Reliability]:
    """Each report's id with the record of its sender in the report's own family of guidelines.

    Visitors without an account have no record. `rate` is the site's share of reports upheld.
    """
    sums = _sums(session, {r.reader_id for r in reports if r.reader_id is not None}, now)
    fresh = reliability(upheld=0.0, adjudicated=0.0, count=0, site_rate=rate)
    found: dict[UUID, Reliability] = {}
    for report in reports:
        known = sums.get((report.reader_id, report.family)) if report.reader_id else None
        if known is None:
            found[report.id] = fresh
            continue
        count, adjudicated, upheld = known
        found[report.id] = reliability(
            upheld=upheld, adjudicated=adjudicated, count=count, site_rate=rate
        )
    return found


def muted_among(session: Session, reader_ids: set[UUID], now: datetime) -> set[UUID]:
    """Readers whose reports are kept and weigh nothing for now."""
    if not reader_ids:
        return set()
    return set(
        session.scalars(
            select(Reader.id).where(Reader.id.in_(reader_ids), Reader.reports_muted_until > now)
        )
    )


def _sums(
    session: Session, reader_ids: set[UUID], now: datetime
) -> Mapping[tuple[UUID | None, str], tuple[int, float, float]]:
    """By reader and family: decided reports, and their decayed sums, all and upheld."""
    if not reader_ids:
        return {}
    age = cast(extract("epoch", literal(now) - Report.decided_at), Float) / SECONDS_PER_DAY
    weight = func.power(cast(0.5, Float), func.greatest(age, 0.0) / HALF_LIFE_DAYS)
    rows = session.execute(
        select(
            Report.reader_id,
            Report.family,
            func.count(),
            func.sum(weight),
            func.coalesce(func.sum(weight).filter(Report.state == ReportState.UPHELD.value), 0.0),
        )
        .where(Report.reader_id.in_(reader_ids), Report.state.in_(ADJUDICATED))
        .group_by(Report.reader_id, Report.family)
    )
    return {(reader, family): (n, total, right) for reader, family, n, total, right in rows}
