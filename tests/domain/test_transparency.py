"""The report's table, the interval of an error rate, and the periods it can be asked for."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest

from service.domain.errors import Invalid
from service.domain.period import check_period
from service.domain.transparency import COLUMNS, Figure, to_csv, wilson

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)],
)
def test_wilsons_interval_is_the_published_one(
    hits: int, total: int, low: float, high: float
) -> None:
    rate = wilson(hits, total)
    assert rate.low == pytest.approx(low, abs=5e-5)
    assert rate.high == pytest.approx(high, abs=5e-5)
    assert wilson(0, 0).value is None


def test_the_table_is_read_back_as_it_was_written() -> None:
    rows = [Figure("a", 'with "quotes", and commas', "ü", 1), Figure("b", "c", "d", None)]
    text = to_csv(rows)
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        list(COLUMNS),
        ["a", 'with "quotes", and commas', "ü", "1"],
        ["b", "c", "d", ""],
    ]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 2, 1), date(2026, 1, 1), "from"),
        (date(2000, 1, 1), date(2026, 1, 1), "to"),
        (date.min, date.max, "from"),
        (date(2026, 1, 1), date.max, "to"),
    ],
)
def test_an_absurd_period_is_refused(first: date, last: date, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_period(first, last)
    assert field in refused.value.errors


def test_a_period_includes_its_last_day() -> None:
    day = check_period(date(2026, 1, 1), date(2026, 1, 1))
    assert day.start == datetime(2026, 1, 1, tzinfo=UTC)
    assert day.end == datetime(2026, 1, 2, tzinfo=UTC)
