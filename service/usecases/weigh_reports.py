"""Weigh the reports on a comment: who sent them, do they look organised, what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.brigade import suspect_brigade
from service.domain.guideline import Policy
from service.domain.report import NoticeState, model_probability, most_reported
from service.domain.report_weight import Reporter, ReportWeight, weigh
from service.models import Comment, Decision, Notice, Report
from service.queries.brigade_facts import burst_facts, within_burst
from service.queries.comments import latest_automated
from service.queries.report_facts import Rates, muted_among, rates_of, records_of
from service.queries.reports import open_reports


@dataclass(frozen=True, slots=True)
class Weighed:
    """The open reports on a comment's present text, weighed.

    `machine` is the newest automated decision on it; `signals` is what rules see as `reports`.
    """

    reports: Sequence[Report]
    weight: ReportWeight
    guideline: str
    family: str
    machine: Decision | None
    signals: dict[str, Any]


def weigh_reports(
    session: Session, comment: Comment, *, policy: Policy, now: datetime
) -> Weighed | None:
    """Weigh the open reports on the present revision of a locked comment; None without any.

    1. Reports of muted readers, and on an earlier text, weigh nothing.
    2. Reports of the last hour that look organised are marked as suspected, and stay so until a
       moderator clears them.
    3. The family of the guideline most reports name says which score counts as the model's.
    """
    session.flush()
    reports = _counted(session, comment, now)
    if not reports:
        return None
    rates = rates_of(session, comment.site_id, now)
    records = records_of(session, reports, rate=rates.site_rate, now=now)
    burst = within_burst(reports, now)
    verdict = suspect_brigade(burst_facts(session, comment, burst, records, now))
    if verdict.suspected:
        _mark(session, comment, burst, verdict.signs, now)
    machine = latest_automated(session, comment)
    guideline = most_reported([report.guideline for report in reports])
    clause = policy.guidelines.get(guideline)
    family = clause.queue if clause else next(r.family for r in reports if r.guideline == guideline)
    reporters = [Reporter(records[report.id], report.suspected) for report in reports]
    weight = _weigh(reporters, rates, model_probability(family, _toxicity(machine)))
    return Weighed(
        reports=reports,
        weight=weight,
        guideline=guideline,
        family=family,
        machine=machine,
        signals=_signals(weight, len(reports), _open_notices(session, comment)),
    )


def _counted(session: Session, comment: Comment, now: datetime) -> list[Report]:
    reports = [r for r in open_reports(session, comment.id) if r.revision == comment.revision]
    muted = muted_among(session, {r.reader_id for r in reports if r.reader_id}, now)
    return [report for report in reports if report.reader_id not in muted]


def _mark(
    session: Session,
    comment: Comment,
    burst: Sequence[Report],
    signs: Sequence[str],
    now: datetime,
) -> None:
    fresh = [report for report in burst if not report.suspected]
    if not fresh:
        return
    for report in fresh:
        report.suspected = True
    if len(fresh) == len(burst):
        data = {"signs": list(signs), "reports": len(burst)}
        session.add(comment.event("brigade.suspected", actor="machine", now=now, data=data))


def _weigh(reporters: Sequence[Reporter], rates: Rates, p_model: float | None) -> ReportWeight:
    return weigh(
        reporters,
        p_model=p_model,
        base_rate=rates.base_rate,
        site_rate=rates.site_rate,
        brigade_suspected=any(reporter.suspected for reporter in reporters),
    )


def _toxicity(machine: Decision | None) -> float | None:
    value = machine.signals.get("scores", {}).get("toxicity") if machine else None
    return float(value) if value is not None else None


def _open_notices(session: Session, comment: Comment) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Notice)
            .where(Notice.comment_id == comment.id, Notice.state == NoticeState.OPEN.value)
        )
        or 0
    )


def _signals(weight: ReportWeight, count: int, notices: int) -> dict[str, Any]:
    return {
        "count": count,
        "distinct": weight.distinct,
        "reliable": weight.reliable,
        "p_violation": weight.p_violation,
        "brigade_suspected": weight.brigade_suspected,
        "legal_notices": notices,
    }
