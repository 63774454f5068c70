"""What the weight of reports is computed from: reporters' records, and the rates of a site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
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
ROWS_FOR_A_RATE = 500
# Records of the same size to this many decimals are the same; they change by a per cent a day.
RECORD_DECIMALS = 3
RECORDS_KEPT = 4_096
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

    1. Of its newest 500 decided reports, how many were upheld.
    2. Of the newest 500 comments the rules decided on in 90 days, how many ended rejected or
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
    # One look-up by key for each: a join of so few could be planned as a scan of all comments.
    status = select(Comment.status).where(Comment.id == Decision.comment_id).scalar_subquery()
    checked = (
        select(status.label("status"))
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
        select(func.count().filter(checked.c.status.in_(REFUSED)), func.count()).select_from(
            checked
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
    found: dict[UUID, Reliability] = {}
    for report in reports:
        count, adjudicated, upheld = sums.get((report.reader_id, report.family), (0, 0.0, 0.0))
        found[report.id] = _record(
            round(upheld, RECORD_DECIMALS),
            round(adjudicated, RECORD_DECIMALS),
            count,
            round(rate, RECORD_DECIMALS),
        )
    return found


@lru_cache(maxsize=RECORDS_KEPT)
def _record(upheld: float, adjudicated: float, count: int, rate: float) -> Reliability:
    return reliability(upheld=upheld, adjudicated=adjudicated, count=count, site_rate=rate)


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
