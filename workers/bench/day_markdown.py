"""The small parts of a page: tables, bars, and counts in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BARS = "▁▂▃▄▅▆▇█"


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table, the first column to the left and all others to the right."""
    lines = [_row(head), "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def sparkline(values: Sequence[float]) -> str:
    """One bar per value, the largest at full height."""
    top = max(values, default=0) or 1
    return "".join(BARS[round(value / top * (len(BARS) - 1))] for value in values)


def grouped(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Counts by what comes before the colon: `{"Decided": {"approve": 3}, "Notice": {"": 1}}`."""
    groups: dict[str, dict[str, int]] = {}
    for name, count in counts.items():
        group, _, rest = name.partition(": ")
        groups.setdefault(group.capitalize(), {})[rest] = count
    return groups


def pairs(name: str, counts: Mapping[str, Any]) -> str:
    """`Name: this 3; that 1.`"""
    said = "; ".join(f"{key} {value}".strip() for key, value in counts.items()) or "none"
    return f"{name}: {said}."


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
