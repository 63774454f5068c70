"""Figures of a site, a section or an article over a period, from the roll-ups alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import Session

from service.domain.engagement import REGULAR_SPAN_DAYS
from service.domain.period import Period
from service.models import Article, EngagementCell, EngagementDay
from service.queries.engagement_figures import Figures, figures, regulars, union
from service.queries.engagement_scope import Scope
from service.queries.engagement_waits import (
    median_wait,
    waits_by_day,
    waits_by_section,
    waits_of_articles,
)

CELL: Any = EngagementCell.__table__
DAY: Any = EngagementDay.__table__
REGULAR_SPAN = timedelta(days=REGULAR_SPAN_DAYS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a series: what it is about, and its figures."""

    key: Any
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is known of a scope and a period."""

    totals: Figures
    regular_readers: int
    series: list[Entry]
    top: list[Entry]


def engagement(
    session: Session, scope: Scope, period: Period, *, by: str, limit: int, top: int
) -> Report:
    """Totals, one series (`day`, `section` or `article`), and the most active articles.

    `limit` is how many articles a series by article has at most, `top` how many are named as
    the most active; both by the comments posted in the period.
    """
    rows = _rows(session, scope, period)
    within = [row for row in rows if row.day >= period.first]
    newcomers = _newcomers(session, scope, period, within)
    new = union(list(newcomers.values()))
    totals = figures(within, new, median_wait(session, scope, period))
    listed = _articles(session, scope, period, new, max(top, limit if by == "article" else 0))
    series = listed[:limit]
    if by == "day":
        waits = waits_by_day(session, scope, period)
        series = _by_day(within, newcomers, waits, period)
    elif by == "section":
        series = _by_section(session, scope, period, new)
    lately = regulars(row.readers for row in rows if row.day > period.last - REGULAR_SPAN)
    return Report(totals, lately, series, listed[:top])


def _rows(session: Session, scope: Scope, period: Period) -> Sequence[Row[Any]]:
    """The days of the scope in order, from as far back as regular readers need."""
    start = min(period.first, period.last - REGULAR_SPAN + timedelta(days=1))
    table, mine = _of(scope)
    return session.execute(
        select(table)
        .where(*mine, table.c.day >= start, table.c.day <= period.last)
        .order_by(table.c.day)
    ).all()


def _of(scope: Scope) -> tuple[Table, tuple[Any, ...]]:
    if scope.article is not None:
        return CELL, (CELL.c.article_id == scope.article.id,)
    section = DAY.c.section == (scope.section or "")
    return DAY, (DAY.c.site_id == scope.site_id, DAY.c.whole == (scope.section is None), section)


def _newcomers(
    session: Session, scope: Scope, period: Period, rows: Sequence[Row[Any]]
) -> dict[date, Any]:
    """By day, who commented on the site for the first time. The site's own rows have it."""
    if scope.article is None and scope.section is None:
        return {row.day: row.newcomers for row in rows}
    found = session.execute(
        select(DAY.c.day, DAY.c.newcomers).where(
            DAY.c.site_id == scope.site_id,
            DAY.c.whole,
            DAY.c.section == "",
            DAY.c.day >= period.first,
            DAY.c.day <= period.last,
        )
    )
    return {row.day: row.newcomers for row in found}


def _by_day(
    rows: Sequence[Row[Any]],
    newcomers: Mapping[date, Any],
    waits: Mapping[date, float],
    period: Period,
) -> list[Entry]:
    """Every day of the period, also those without a comment."""
    found = {row.day: row for row in rows}
    length = (period.last - period.first).days + 1
    days = (period.first + timedelta(days=n) for n in range(length))
    return [
        Entry(
            day, figures([found[day]] if day in found else [], newcomers.get(day), waits.get(day))
        )
        for day in days
    ]


def _by_section(session: Session, scope: Scope, period: Period, new: Any) -> list[Entry]:
    """Sections by their names; `None` stands for articles without one."""
    table, mine = DAY, [DAY.c.site_id == scope.site_id, ~DAY.c.whole]
    if scope.section is not None:
        mine.append(DAY.c.section == scope.section)
    if scope.article is not None:
        table, mine = CELL, [CELL.c.article_id == scope.article.id]
    rows = session.execute(
        select(table).where(*mine, table.c.day >= period.first, table.c.day <= period.last)
    )
    waits = waits_by_section(session, scope, period)
    sections: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        sections[row.section].append(row)
    return [
        Entry(section or None, figures(sections[section], new, waits.get(section)))
        for section in sorted(sections)
    ]


def _articles(session: Session, scope: Scope, period: Period, new: Any, limit: int) -> list[Entry]:
    """The articles with the most comments in the period, most first."""
    mine = [CELL.c.site_id == scope.site_id]
    if scope.section is not None:
        mine.append(CELL.c.section == scope.section)
    if scope.article is not None:
        mine.append(CELL.c.article_id == scope.article.id)
    mine += [CELL.c.day >= period.first, CELL.c.day <= period.last]
    most = (
        select(CELL.c.article_id)
        .where(*mine)
        .group_by(CELL.c.article_id)
        .order_by(func.sum(CELL.c.comments).desc(), CELL.c.article_id)
        .limit(limit)
    )
    order = session.scalars(most).all()
    cells: dict[UUID, list[Any]] = defaultdict(list)
    for row in session.execute(select(CELL).where(*mine, CELL.c.article_id.in_(order))):
        cells[row.article_id].append(row)
    named = {
        row.id: row
        for row in session.execute(
            select(Article.id, Article.key, Article.title, Article.url, Article.section).where(
                Article.id.in_(order)
            )
        )
    }
    waits = waits_of_articles(session, period, order)
    return [Entry(named[key], figures(cells[key], new, waits.get(key))) for key in order]
