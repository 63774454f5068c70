"""Put rolled-up days together: sums, sets of readers, medians of waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from pyroaring import BitMap

from service.domain.conversation_health import health_value
from service.domain.engagement import REGULAR_DAYS, SUMMED, share

_COUNTS = attrgetter(*SUMMED)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a set of article-days. Times are medians in seconds; None where none was had."""

    counts: dict[str, int]
    readers: int
    new_readers: int
    returning_readers: int
    replies_per_comment: float | None
    depth_mean: float | None
    depth_max: int
    first_comment_seconds: float | None
    first_reply_seconds: float | None
    health: float | None
    # Distinct readers of each day, added up.
    reader_days: int


def figures(rows: Sequence[Any], newcomers: BitMap | None, wait: float | None) -> Figures:
    """The figures of these rows (cells or days) taken together.

    Args:
        newcomers: readers whose first comment on the site was in the period.
        wait: median seconds to the first comment of the articles that got it in the period.
    """
    counts = _sums(rows)
    readers = union([row.readers for row in rows])
    new = readers.intersection_cardinality(newcomers) if newcomers is not None else 0
    reader_days = len(readers) if len(rows) == 1 else _reader_days(rows)
    return Figures(
        counts=counts,
        readers=len(readers),
        new_readers=new,
        returning_readers=len(readers) - new,
        replies_per_comment=share(counts["replies"], counts["threads"]),
        depth_mean=share(counts["depth_sum"], counts["published"]),
        depth_max=max((row.depth_max for row in rows), default=0),
        first_comment_seconds=wait,
        first_reply_seconds=_median_of_days([row.reply_seconds for row in rows]),
        health=health_value(counts, reader_days=reader_days),
        reader_days=reader_days,
    )


def regulars(days: Iterable[BitMap]) -> int:
    """How many readers are in at least REGULAR_DAYS of these days' sets."""
    seen = [BitMap() for _ in range(REGULAR_DAYS)]
    for day in days:
        for times in range(REGULAR_DAYS - 1, 0, -1):
            seen[times] |= seen[times - 1] & day
        seen[0] |= day
    return len(seen[-1])


def _sums(rows: Sequence[Any]) -> dict[str, int]:
    if len(rows) == 1:
        return dict(zip(SUMMED, _COUNTS(rows[0]), strict=True))
    if not rows:
        return dict.fromkeys(SUMMED, 0)
    return dict(zip(SUMMED, map(sum, zip(*map(_COUNTS, rows), strict=True)), strict=True))


def union(sets: Sequence[BitMap]) -> BitMap:
    """Who is in any of these sets; nobody where there are none."""
    if len(sets) == 1:
        return sets[0]
    return BitMap.union(*sets) if sets else BitMap()


def _reader_days(rows: Sequence[Any]) -> int:
    """Distinct readers of each day, added up; rows of the same day count together."""
    days: dict[Any, list[BitMap]] = {}
    for row in rows:
        days.setdefault(row.day, []).append(row.readers)
    return sum(len(union(sets)) for sets in days.values())


def _median_of_days(packed: Sequence[bytes]) -> float | None:
    """The median of all days' seconds; each day's own are sorted already."""
    seconds = np.frombuffer(b"".join(packed), dtype="<i4")
    count = len(seconds)
    if count == 0:
        return None
    low, high = (count - 1) // 2, count // 2
    if len(packed) > 1:
        seconds = np.partition(seconds, (low, high))
    return (int(seconds[low]) + int(seconds[high])) / 2
