"""How long articles waited for their first published comment: medians, in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from service.domain.period import Period
from service.models import EngagementArticle
from service.queries.engagement_scope import Scope

FIRST: Any = EngagementArticle.__table__
_MEDIAN = func.percentile_cont(0.5).within_group(FIRST.c.first_comment_seconds)
_DAY = cast(func.timezone("UTC", FIRST.c.first_comment_at), Date)


def median_wait(session: Session, scope: Scope, period: Period) -> float | None:
    """Over the articles of the scope that got their first comment in the period."""
    return session.scalar(select(_MEDIAN).where(*_waited(scope, period)))


def waits_by_day(session: Session, scope: Scope, period: Period) -> dict[date, float]:
    """The same for each day (UTC) on which an article got its first comment."""
    found = session.execute(select(_DAY, _MEDIAN).where(*_waited(scope, period)).group_by(_DAY))
    return {day: wait for day, wait in found}  # noqa: C416 - a row is no pair to mypy


def waits_by_section(session: Session, scope: Scope, period: Period) -> dict[str, float]:
    """The same for each section; `''` stands for none."""
    section = FIRST.c.section
    found = session.execute(
        select(section, _MEDIAN).where(*_waited(scope, period)).group_by(section)
    )
    return {name: wait for name, wait in found}  # noqa: C416 - a row is no pair to mypy


def waits_of_articles(
    session: Session, period: Period, articles: Sequence[UUID]
) -> dict[UUID, float]:
    """How long each of these articles waited, if its first comment came in the period."""
    found = session.execute(
        select(FIRST.c.article_id, FIRST.c.first_comment_seconds).where(
            FIRST.c.article_id.in_(articles),
            FIRST.c.first_comment_at >= period.start,
            FIRST.c.first_comment_at < period.end,
        )
    )
    return {article: float(wait) for article, wait in found}


def _waited(scope: Scope, period: Period) -> list[Any]:
    wanted = [FIRST.c.first_comment_at >= period.start, FIRST.c.first_comment_at < period.end]
    if scope.article is not None:
        return [*wanted, FIRST.c.article_id == scope.article.id]
    wanted.append(FIRST.c.site_id == scope.site_id)
    if scope.section is not None:
        wanted.append(FIRST.c.section == scope.section)
    return wanted
