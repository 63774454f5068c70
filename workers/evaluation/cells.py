"""A table of text cells, and how measures are written in it."""

from __future__ import annotations

from dataclasses import dataclass

from workers.evaluation.metrics import Interval
from workers.evaluation.report import CandidateReport, Report

UNDEFINED = "n/a"
SEEN = "*"


@dataclass(frozen=True, slots=True)
class Table:
    """A title, a sentence on how to read it, and cells as text; the first column is a name."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def number(value: float | None, decimals: int = 3) -> str:
    """A measure as text; `n/a` where it is not defined."""
    return UNDEFINED if value is None else f"{value:.{decimals}f}"


def percent(value: float | None) -> str:
    """A share (0–1) in percent with one decimal; `n/a` where it is not defined."""
    return UNDEFINED if value is None else f"{100 * value:.1f} %"


def interval(value: Interval | None) -> str:
    """`0.912 [0.905, 0.919]`."""
    if value is None:
        return UNDEFINED
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"


def heading(candidate: CandidateReport, report: Report, title: str) -> str:
    """The title, with the scorer's name where two are compared."""
    return f"{title}: {candidate.name}" if len(report.candidates) > 1 else title
