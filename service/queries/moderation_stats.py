"""How moderation goes: volumes, times, reports, and how often second looks agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Double, cast, func, select
from sqlalchemy.orm import Session

from service.domain.period import Period
from service.domain.report import ReportState
from service.domain.transparency import Rate, wilson
from service.models import Decision, QaSample, Report

PERCENTILES = (0.5, 0.9)
NO_RULE = "none"
AGREED, DISAGREED = "agreed", "disagreed"


@dataclass(frozen=True, slots=True)
class Volume:
    """Decisions of one kind on one day (UTC)."""

    day: date
    action: str
    automated: bool
    count: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long items of a queue waited for a person: median and 90th percentile, in seconds."""

    queue: str
    count: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval (Wilson)."""

    name: str
    hits: int
    total: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class Quality:
    """What blind second looks say."""

    human_agreement: Share
    automated_errors: Share
    errors_by_rule: Sequence[Share]
    kappa_by_guideline: Sequence[tuple[str, int, float | None]]


def volumes(session: Session, *, site_id: UUID, period: Period) -> list[Volume]:
    """Decisions on comments and readers per day, action and whether a person took them."""
    day = cast(func.timezone("UTC", Decision.created_at), Date)
    rows = session.execute(
        select(day, Decision.action, Decision.automated, func.count())
        .where(*decided_in(site_id, period))
        .group_by(day, Decision.action, Decision.automated)
        .order_by(day, Decision.action, Decision.automated)
    )
    return [Volume(*row) for row in rows]


def waits(session: Session, *, site_id: UUID, period: Period) -> list[Wait]:
    """Time from an item's opening to a person's decision, by queue."""
    waited = cast(Decision.signals["waited_seconds"].astext, Double)
    median, p90 = (func.percentile_cont(p).within_group(waited.asc()) for p in PERCENTILES)
    rows = session.execute(
        select(Decision.queue, func.count(), median, p90)
        .where(
            *decided_in(site_id, period),
            ~Decision.automated,
            Decision.queue.is_not(None),
            Decision.signals.has_key("waited_seconds"),
        )
        .group_by(Decision.queue)
        .order_by(Decision.queue)
    )
    return [Wait(*row) for row in rows]


def report_precision(session: Session, *, site_id: UUID, period: Period) -> list[Share]:
    """Of the reports that were decided, the share upheld, by guideline."""
    upheld = Report.state == ReportState.UPHELD.value
    rows = session.execute(
        select(Report.guideline, func.count().filter(upheld), func.count())
        .where(
            Report.site_id == site_id,
            Report.created_at >= period.start,
            Report.created_at < period.end,
            Report.state.in_([ReportState.UPHELD.value, ReportState.DISMISSED.value]),
        )
        .group_by(Report.guideline)
        .order_by(Report.guideline)
    )
    return [share_of(name, hits, total) for name, hits, total in rows]


def quality(session: Session, *, site_id: UUID, period: Period) -> Quality:
    """Agreement of second looks with people, and the machine's error rate, per rule too."""
    looks = session.execute(
        select(
            QaSample.automated,
            QaSample.state,
            QaSample.rules,
            QaSample.guideline,
            QaSample.restricted,
            QaSample.review_restricted,
        ).where(
            QaSample.site_id == site_id,
            QaSample.created_at >= period.start,
            QaSample.created_at < period.end,
            QaSample.state.in_([AGREED, DISAGREED]),
        )
    ).all()
    people = [look for look in looks if not look.automated]
    machine = [look for look in looks if look.automated]
    return Quality(
        human_agreement=_count("human", people, AGREED),
        automated_errors=_count("automated", machine, DISAGREED),
        errors_by_rule=_by_rule(machine),
        kappa_by_guideline=_kappas(looks),
    )


def cohens_kappa(pairs: Iterable[tuple[bool, bool]]) -> float | None:
    """Agreement of two yes/no judgements beyond chance: 1 is perfect, 0 is chance.

    None where both always say the same single thing, so that chance explains everything.
    J. Cohen, Educational and Psychological Measurement 20 (1960), 37–46.
    """
    seen = list(pairs)
    if not seen:
        return None
    total = len(seen)
    agreed = sum(a == b for a, b in seen) / total
    first, second = sum(a for a, _ in seen) / total, sum(b for _, b in seen) / total
    chance = first * second + (1 - first) * (1 - second)
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def decided_in(site_id: UUID, period: Period) -> tuple[Any, ...]:
    """What limits a query to the decisions of a site in a period."""
    return (
        Decision.site_id == site_id,
        Decision.created_at >= period.start,
        Decision.created_at < period.end,
    )


def share_of(name: str, hits: int, total: int) -> Share:
    """So many of so many, with its interval."""
    return Share(name, hits, total, wilson(hits, total))


def _count(name: str, looks: Sequence[Any], state: str) -> Share:
    return share_of(name, sum(look.state == state for look in looks), len(looks))


def _by_rule(looks: Sequence[Any]) -> list[Share]:
    total: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for look in looks:
        for rule in look.rules or [NO_RULE]:
            total[rule] += 1
            wrong[rule] += look.state == DISAGREED
    return [share_of(rule, wrong[rule], total[rule]) for rule in sorted(total)]


def _kappas(looks: Sequence[Any]) -> list[tuple[str, int, float | None]]:
    """Per guideline: its restrictions, and all that was kept, against what second looks say."""
    kept = [(look.restricted, look.review_restricted) for look in looks if not look.restricted]
    named = sorted({look.guideline for look in looks if look.restricted and look.guideline})
    table = []
    for guideline in named:
        own = [
            (look.restricted, look.review_restricted)
            for look in looks
            if look.restricted and look.guideline == guideline
        ]
        table.append((guideline, len(own), cohens_kappa([*own, *kept])))
    return table
