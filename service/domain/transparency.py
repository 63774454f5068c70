"""The figures of a transparency report, their file format, and the interval of an error rate."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = ("section", "indicator", "category", "value")
# The 97.5th percentile of the normal distribution: an interval that holds in 95 of 100 cases.
Z_95 = 1.959963984540054
# Not split any further.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report; None where there was nothing to measure."""

    section: str
    indicator: str
    category: str
    value: float | int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share (0–1) with its 95 % interval; None where nothing was counted."""

    value: float | None
    low: float | None
    high: float | None


def wilson(hits: int, total: int) -> Rate:
    """The share of hits with Wilson's score interval at 95 %.

    Args:
        hits: from 0 to `total`.
        total: 0 or more; with 0 nothing is known.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209–212.
    """
    if total == 0:
        return Rate(None, None, None)
    share = hits / total
    spread = Z_95**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) / total + spread / (4 * total)) * Z_95 / (1 + spread)
    return Rate(share, max(0.0, centre - half), min(1.0, centre + half))


def to_csv(figures: Iterable[Figure]) -> str:
    """The figures as RFC 4180 writes tables: a header, commas, CRLF at the end of each line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for figure in figures:
        value = "" if figure.value is None else figure.value
        writer.writerow((figure.section, figure.indicator, figure.category, value))
    return text.getvalue()
