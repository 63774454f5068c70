"""The figures of a transparency report (Digital Services Act, Articles 15 and 24)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain.appeal import AppealState
from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.dsa import GROUND_ILLEGAL
from service.domain.period import Period
from service.domain.report import NoticeState, ReportState
from service.domain.transparency import ALL, Figure, wilson
from service.models import (
    Appeal,
    Decision,
    Notice,
    QaSample,
    Report,
    Sanction,
    StatementOfReasons,
)
from service.queries.statements import known

# What the newsroom and its own checks came upon, without anybody's notice or report.
OWN_INITIATIVE = tuple(
    source.value
    for source in (
        DecisionSource.RULE,
        DecisionSource.MODERATOR,
        DecisionSource.QA,
        DecisionSource.LADDER,
    )
)
HOUR_SECONDS = 3_600
PLACES = 4
AGREED, DISAGREED = "agreed", "disagreed"


def transparency_report(
    session: Session, *, site_id: UUID, period: Period, now: datetime
) -> list[Figure]:
    """Every figure of a site for a period, by what came in or was decided in it.

    1. Notices of illegal content, by category: how many, what came of them, how long it took.
    2. Restrictions of the newsroom's own initiative, and those that others brought up.
    3. Reports under the guidelines, by guideline and outcome.
    4. Complaints (appeals), by party and outcome, and how long they took.
    5. Sanctions on readers, by kind.
    6. The machine's error rate: second looks that disagreed, with a 95 % interval.
    """
    report = _Report(session, site_id, period, now)
    return [
        *report.notices(),
        *report.restrictions(),
        *report.reports(),
        *report.complaints(),
        *report.sanctions(),
        *report.automation(),
    ]


class _Report:
    """The sections, each by a few grouped counts."""

    def __init__(self, session: Session, site_id: UUID, period: Period, now: datetime) -> None:
        self._session, self._site_id, self._period, self._now = session, site_id, period, now

    def notices(self) -> list[Figure]:
        mine = self._mine(Notice)
        figures = self._by("notices", "received", Notice.category, mine)
        for state in NoticeState:
            figures += self._by(
                "notices", state.value, Notice.category, mine & (Notice.state == state.value)
            )
        figures += self._total("notices", "by_trusted_flaggers", mine & Notice.trusted_flagger)
        ground = StatementOfReasons.dsa["decision_ground"].astext
        by_law = Notice.decision_id == StatementOfReasons.decision_id
        figures += self._total(
            "notices", "acted_on_law", mine & by_law & (ground == GROUND_ILLEGAL)
        )
        figures += self._total(
            "notices", "acted_on_guidelines", mine & by_law & (ground != GROUND_ILLEGAL)
        )
        automated = (Notice.decision_id == Decision.id) & Decision.automated
        figures += self._total("notices", "decided_by_automated_means", mine & automated)
        return figures + self._medians("notices", Notice, Notice.category)

    def restrictions(self) -> list[Figure]:
        stated = and_(
            StatementOfReasons.decision_id == Decision.id,
            StatementOfReasons.dsa != {},
            self._mine(StatementOfReasons),
            known(self._now),
        )
        own = stated & Decision.source.in_(OWN_INITIATIVE)
        section = "own_initiative"
        category = StatementOfReasons.dsa["category"].astext
        figures = [
            *self._total(section, "restrictions", own),
            *self._by(section, "by_guideline", StatementOfReasons.guideline, own),
            *self._by(section, "by_category", category, own),
            *self._by(section, "by_measure", StatementOfReasons.measure, own),
            *self._by(section, "by_automated_detection", Decision.automated_detection, own),
            *self._by(section, "by_automated_decision", Decision.automated_decision, own),
            *self._total(section, "reversed", own & Decision.reversed_at.is_not(None)),
        ]
        fully = own & (Decision.automated_decision == AutomatedDecision.FULLY.value)
        total, automated = self._count(own), self._count(fully)
        share = round(automated / total, PLACES) if total else None
        figures.append(Figure(section, "automated_share", ALL, share))
        return figures + self._by("restrictions", "by_source", Decision.source, stated)

    def reports(self) -> list[Figure]:
        mine = self._mine(Report)
        figures = self._by("reports", "received", Report.guideline, mine)
        for state in ReportState:
            figures += self._by(
                "reports", state.value, Report.guideline, mine & (Report.state == state.value)
            )
        return figures

    def complaints(self) -> list[Figure]:
        mine = self._mine(Appeal)
        figures = self._by("complaints", "received", Appeal.party, mine)
        for state, name in (
            (AppealState.FILED, "open"),
            (AppealState.UPHELD, "decision_upheld"),
            (AppealState.OVERTURNED, "decision_overturned"),
        ):
            figures += self._by(
                "complaints", name, Appeal.party, mine & (Appeal.state == state.value)
            )
        return figures + self._medians("complaints", Appeal, Appeal.party)

    def sanctions(self) -> list[Figure]:
        mine = self._mine(Sanction)
        figures = self._by("sanctions", "imposed", Sanction.kind, mine)
        by_machine = mine & Sanction.automated
        return figures + self._by("sanctions", "by_automated_means", Sanction.kind, by_machine)

    def automation(self) -> list[Figure]:
        mine = self._mine(QaSample) & QaSample.automated
        wrong = self._count(mine & (QaSample.state == DISAGREED))
        looked_at = wrong + self._count(mine & (QaSample.state == AGREED))
        rate = wilson(wrong, looked_at)
        named = {
            "looked_at_again": looked_at,
            "found_wrong": wrong,
            "error_rate": _rounded(rate.value),
            "error_rate_low_95": _rounded(rate.low),
            "error_rate_high_95": _rounded(rate.high),
        }
        return [Figure("automation", name, ALL, value) for name, value in named.items()]

    def _mine(self, table: Any) -> ColumnElement[bool]:
        return and_(
            table.site_id == self._site_id,
            table.created_at >= self._period.start,
            table.created_at < self._period.end,
        )

    def _count(self, condition: ColumnElement[bool]) -> int:
        return self._session.scalar(select(func.count(literal(1))).where(condition)) or 0

    def _total(self, section: str, indicator: str, condition: ColumnElement[bool]) -> list[Figure]:
        return [Figure(section, indicator, ALL, self._count(condition))]

    def _by(
        self,
        section: str,
        indicator: str,
        column: InstrumentedAttribute[Any] | ColumnElement[Any],
        condition: ColumnElement[bool],
    ) -> list[Figure]:
        rows: Sequence[Any] = self._session.execute(
            select(column, func.count(literal(1))).where(condition).group_by(column)
        ).all()
        counts = sorted((_named(value), count) for value, count in rows)
        return [Figure(section, indicator, name, count) for name, count in counts]

    def _medians(
        self, section: str, table: type[Notice] | type[Appeal], column: InstrumentedAttribute[str]
    ) -> list[Figure]:
        """Hours from coming in to the decision: the median of all, and by category."""
        mine = self._mine(table) & table.decided_at.is_not(None)
        seconds = func.extract("epoch", table.decided_at - table.created_at)
        median = func.percentile_cont(0.5).within_group(seconds)
        whole = self._session.scalar(select(median).where(mine))
        rows = self._session.execute(select(column, median).where(mine).group_by(column)).all()
        named = [(ALL, whole), *sorted((name, value) for name, value in rows)]
        return [Figure(section, "median_hours_to_decision", n, _hours(v)) for n, v in named]


def _named(value: Any) -> str:
    if isinstance(value, bool):
        return "automated" if value else "not_automated"
    return str(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


def _hours(seconds: Any) -> float | None:
    return None if seconds is None else round(float(seconds) / HOUR_SECONDS, PLACES)
