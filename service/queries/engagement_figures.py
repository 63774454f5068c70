"""Put rolled-up days together: sums, sets of readers, medians of waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyroaring import BitMap

from service.domain.conversation_health import Health, conversation_health
from service.domain.engagement import REGULAR_DAYS, SUMMED, share


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
    health: Health


def figures(rows: Sequence[Any], newcomers: BitMap | None, waits: Sequence[int]) -> Figures:
    """The figures of these rows (cells or days) taken together.

    Args:
        newcomers: readers whose first comment on the site was in the period.
        waits: seconds to the first comment of each article that got it in the period.
    """
    counts = {name: sum(getattr(row, name) for row in rows) for name in SUMMED}
    readers = BitMap.union(*(row.readers for row in rows)) if rows else BitMap()
    new = readers.intersection_cardinality(newcomers) if newcomers is not None else 0
    reader_days = _reader_days(rows)
    return Figures(
        counts=counts,
        readers=len(readers),
        new_readers=new,
        returning_readers=len(readers) - new,
        replies_per_comment=share(counts["replies"], counts["threads"]),
        depth_mean=share(counts["depth_sum"], counts["published"]),
        depth_max=max((row.depth_max for row in rows), default=0),
        first_comment_seconds=_median(np.array(waits, dtype="<i4")),
        first_reply_seconds=_median(
            np.frombuffer(b"".join(row.reply_seconds for row in rows), dtype="<i4")
        ),
        health=conversation_health(counts, reader_days=reader_days),
    )


def regulars(days: Iterable[BitMap]) -> int:
    """How many readers are in at least REGULAR_DAYS of these days' sets."""
    seen = [BitMap() for _ in range(REGULAR_DAYS)]
    for day in days:
        for times in range(REGULAR_DAYS - 1, 0, -1):
            seen[times] |= seen[times - 1] & day
        seen[0] |= day
    return len(seen[-1])


def _reader_days(rows: Sequence[Any]) -> int:
    """Distinct readers of each day, added up; rows of the same day count together."""
    days: dict[Any, list[BitMap]] = {}
    for row in rows:
        days.setdefault(row.day, []).append(row.readers)
    return sum(
        len(sets[0]) if len(sets) == 1 else len(BitMap.union(*sets)) for sets in days.values()
    )


def _median(seconds: Any) -> float | None:
    return float(np.median(seconds)) if len(seconds) else None
