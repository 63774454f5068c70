"""The page of `./parley bench engagement`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.bench.stack_cli import machine

AIM_CALL = "the site, a year by day"
AIM_MS = 100.0


@dataclass(frozen=True, slots=True)
class Timed:
    """One call at one size. Times in milliseconds.

    `cpu`: of the API and PostgreSQL together, on average per call; waiting for a core on a busy
    machine is not in it.
    """

    call: str
    comments: int
    median: float
    p95: float
    cpu: float


@dataclass(frozen=True, slots=True)
class RolledUp:
    """Everything counted from scratch at one size."""

    comments: int
    cells: int
    seconds: float


def as_markdown(
    timed: Sequence[Timed], built: Sequence[RolledUp], *, calls: int, wanting: float
) -> str:
    """The page: one row per call, a column per size, and the growth."""
    sizes = sorted({row.comments for row in timed})
    at = {(row.call, row.comments): row for row in timed}
    lines = [
        "# Engagement figures as a year grows",
        "",
        f"`./parley bench engagement` on {machine()}, {calls} calls each over HTTP, one after the",
        "other; median / 95th percentile in milliseconds, and in brackets the CPU milliseconds of",
        "API and PostgreSQL together: on a busy machine the rest is waiting for a core. A year of",
        "comments in threads of three, a hundred to an article, twenty to a reader. On average",
        f"{wanting:.1f} processes wanted a core in the last minutes of the run.",
        "",
        f"| call | {' | '.join(f'{size:,} comments' for size in sizes)} | growth of the median |",
        "|---|" + "---:|" * (len(sizes) + 1),
    ]
    for call in dict.fromkeys(row.call for row in timed):
        cells = [_cell(at[call, size]) for size in sizes]
        growth = at[call, sizes[-1]].median / at[call, sizes[0]].median
        lines.append(f"| {call} | {' | '.join(cells)} | × {growth:.1f} |")
    lines += ["", "Counted from scratch (`./parley engagement rebuild`):", ""]
    lines += [
        "| comments | days of articles | seconds | comments per second |",
        "|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.comments:,} | {row.cells:,} | {row.seconds:.1f} "
        f"| {row.comments / row.seconds:,.0f} |"
        for row in built
    ]
    found = at[AIM_CALL, sizes[-1]].median
    verdict = "reached" if found < AIM_MS else "not reached"
    lines += [
        "",
        f"To reach: {AIM_CALL} under {AIM_MS:.0f} ms at {sizes[-1]:,} comments: {found:.1f} ms, "
        f"{verdict}.",
        "",
    ]
    return "\n".join(lines)


def _cell(row: Timed) -> str:
    return f"{row.median:.1f} / {row.p95:.1f} ({row.cpu:.0f})"
