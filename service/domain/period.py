"""A span of days a report or an export is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.domain.errors import Invalid

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
LONGEST = timedelta(days=3_653)  # ten years


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, in UTC."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first, time.min, UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, UTC)


def check_period(first: date, last: date) -> Period:
    """The period of these days. Raises Invalid naming `from` or `to`.

    1. Both days lie between 2000 and 2099. 2. `from` is not after `to`. 3. Ten years at most.
    """
    for name, day in (("from", first), ("to", last)):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise Invalid({name: [f"Must lie between {FIRST_DAY} and {LAST_DAY}."]})
    if first > last:
        raise Invalid({"from": ["Must not be after `to`."]})
    if last - first > LONGEST:
        raise Invalid({"to": ["The period must not be longer than ten years."]})
    return Period(first, last)
