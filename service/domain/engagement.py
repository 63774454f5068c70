"""Figures of a conversation: what is added up, and how long things took."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from datetime import date, timedelta

from service.domain.errors import Invalid
from service.domain.period import FIRST_DAY, Period

# Counts that are added up when days, articles or sections are put together.
SUMMED = (
    "comments",
    "pending",
    "published",
    "held",
    "hidden",
    "rejected",
    "removed",
    "withdrawn",
    "erased",
    "unaided",
    "threads",
    "answered",
    "replies",
    "reactions",
    "reports",
    "reported",
    "featured",
    "threads_left",
    "threads_adrift",
    "depth_sum",
)
# Whoever commented on so many of so many days is a regular.
REGULAR_DAYS, REGULAR_SPAN_DAYS = 3, 28
LONGEST_DAYS = 731
DEFAULT_DAYS = 28
# The longest the packed form holds; a thread answered later counts as answered then.
LONGEST_SECONDS = 2**31 - 1


def check_engagement_period(first: date | None, last: date | None, *, today: date) -> Period:
    """The period asked for; without days the last 28. Raises Invalid naming `from` or `to`.

    1. Without `to` it ends today, without `from` it is 28 days long. 2. It begins in 2000 or
    later and does not end in the future. 3. `from` is not after `to`. 4. Two years at most.
    """
    end = last or today
    if end > today:
        raise Invalid({"to": [f"Must not be in the future; today is {today} in UTC."]})
    if end < FIRST_DAY:
        raise Invalid({"to": [f"Must not be before {FIRST_DAY}."]})
    start = first or max(FIRST_DAY, end - timedelta(days=DEFAULT_DAYS - 1))
    if start < FIRST_DAY:
        raise Invalid({"from": [f"Must not be before {FIRST_DAY}."]})
    if start > end:
        raise Invalid({"from": ["Must not be after `to`."]})
    if (end - start).days >= LONGEST_DAYS:
        raise Invalid({"from": [f"The period must not be longer than {LONGEST_DAYS} days."]})
    return Period(start, end)


def pack_seconds(seconds: Iterable[int]) -> bytes:
    """Whole seconds as 32-bit little-endian numbers, sorted: the median is in the middle."""
    packed = array("i", sorted(min(second, LONGEST_SECONDS) for second in seconds))
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def join_seconds(packed: Iterable[bytes]) -> bytes:
    """All of these packed seconds as one, sorted again."""
    seconds = array("i")
    seconds.frombytes(b"".join(packed))
    if sys.byteorder == "big":
        seconds.byteswap()
    return pack_seconds(seconds)


def share(part: float, whole: float) -> float | None:
    """A ratio; None where there is nothing to relate to."""
    return part / whole if whole else None
