"""The transparency report equals a count by hand, for one site among others."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select

from service.domain.period import Period, check_period
from service.models import (
    Appeal,
    Decision,
    Notice,
    QaSample,
    Report,
    Sanction,
    Site,
    StatementOfReasons,
)
from service.queries.transparency import OWN_INITIATIVE, transparency_report
from service.usecases.context import Context
from tests.queries.busy_site import CATEGORIES, NOTICE_STATES, REPORT_STATES
from tests.usecases.breaches import later


def figures(ctx: Context, site: Site, period: Period) -> dict[tuple[str, str, str], Any]:
    with ctx.reading() as session:
        found = transparency_report(
            session, site_id=site.id, period=period, now=later(ctx, days=1).clock()
        )
    rows = {(f.section, f.indicator, f.category): f.value for f in found}
    assert len(rows) == len(found)
    return rows


def rows_of(ctx: Context, table: Any, site: Site) -> list[Any]:
    with ctx.reading() as session:
        return list(session.scalars(select(table).where(table.site_id == site.id)))


def picked(rows: dict[tuple[str, str, str], Any], section: str, name: str) -> dict[str, Any]:
    return {c: value for (s, i, c), value in rows.items() if (s, i) == (section, name)}


def test_notices_and_reports_equal_a_count_by_hand(
    ctx: Context, busy: Site, period: Period
) -> None:
    found = figures(ctx, busy, period)
    for section, rows, key, states in (
        ("notices", rows_of(ctx, Notice, busy), "category", NOTICE_STATES),
        ("reports", rows_of(ctx, Report, busy), "guideline", REPORT_STATES),
    ):
        assert picked(found, section, "received") == Counter(getattr(r, key) for r in rows)
        for state in states:
            counted = Counter(getattr(r, key) for r in rows if r.state == state)
            assert picked(found, section, state) == counted
    notices = rows_of(ctx, Notice, busy)
    hours = {
        category: [
            (n.decided_at - n.created_at).total_seconds() / 3600
            for n in notices
            if n.decided_at and category in (n.category, "all")
        ]
        for category in ("all", *CATEGORIES)
    }
    for category, took in hours.items():
        named = ("notices", "median_hours_to_decision", category)
        assert found[named] == pytest.approx(median(took), abs=1e-3)
    trusted = sum(n.trusted_flagger for n in notices)
    assert found["notices", "by_trusted_flaggers", "all"] == trusted


def test_restrictions_equal_a_count_by_hand(ctx: Context, busy: Site, period: Period) -> None:
    found = figures(ctx, busy, period)
    decisions = {d.id: d for d in rows_of(ctx, Decision, busy)}
    stated = [
        (s, decisions[s.decision_id]) for s in rows_of(ctx, StatementOfReasons, busy) if s.dsa
    ]
    own = [(s, d) for s, d in stated if d.source in OWN_INITIATIVE]
    section = "own_initiative"
    assert found[section, "restrictions", "all"] == len(own) > 0
    assert picked(found, section, "by_guideline") == Counter(s.guideline for s, _ in own)
    assert picked(found, section, "by_measure") == Counter(s.measure for s, _ in own)
    assert picked(found, section, "by_category") == Counter(s.dsa["category"] for s, _ in own)
    by_machine = Counter("automated" if d.automated_detection else "not_automated" for _, d in own)
    assert picked(found, section, "by_automated_detection") == by_machine
    fully = sum(d.automated_decision == "fully" for _, d in own)
    assert found[section, "automated_share", "all"] == pytest.approx(fully / len(own), abs=1e-4)
    reversed_ = sum(d.reversed_at is not None for _, d in own)
    assert found[section, "reversed", "all"] == reversed_
    assert picked(found, "restrictions", "by_source") == Counter(d.source for _, d in stated)


def test_complaints_and_sanctions_equal_a_count_by_hand(
    ctx: Context, busy: Site, period: Period
) -> None:
    found = figures(ctx, busy, period)
    appeals = rows_of(ctx, Appeal, busy)
    assert picked(found, "complaints", "received") == {"author": len(appeals)}
    for name, state in (
        ("open", "filed"),
        ("decision_upheld", "upheld"),
        ("decision_overturned", "overturned"),
    ):
        count = sum(a.state == state for a in appeals)
        assert picked(found, "complaints", name) == {"author": count}
    took = [(a.decided_at - a.created_at).total_seconds() / 3600 for a in appeals if a.decided_at]
    key = ("complaints", "median_hours_to_decision", "all")
    assert found[key] == pytest.approx(median(took), abs=1e-3)
    kinds = Counter(s.kind for s in rows_of(ctx, Sanction, busy))
    assert picked(found, "sanctions", "imposed") == kinds
    assert kinds


def test_the_error_rate_counts_second_looks_at_the_machine_only(
    ctx: Context, busy: Site, period: Period
) -> None:
    found = figures(ctx, busy, period)
    samples = [s for s in rows_of(ctx, QaSample, busy) if s.automated]
    wrong = sum(s.state == "disagreed" for s in samples)
    looked_at = wrong + sum(s.state == "agreed" for s in samples)
    assert found["automation", "looked_at_again", "all"] == looked_at > 0
    assert found["automation", "error_rate", "all"] == pytest.approx(wrong / looked_at, abs=1e-4)
    low = found["automation", "error_rate_low_95", "all"]
    assert low <= wrong / looked_at <= found["automation", "error_rate_high_95", "all"]


def test_a_period_before_anything_happened_is_empty_and_says_so(ctx: Context, busy: Site) -> None:
    found = figures(ctx, busy, check_period(date(2020, 1, 1), date(2020, 12, 31)))
    assert {value for value in found.values() if value is not None} == {0}
    assert found["automation", "error_rate", "all"] is None
