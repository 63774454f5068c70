"""Conversation health: one number from 0 to 100 and the five shares it is made of.

It is a reading aid, not a measurement: the shares are facts, the thresholds and weights are
judgement, and both stand here and on the page. Each share becomes 0 to 1 on a straight line
between what counts as bad and what counts as good, and health is their weighted mean:

1. unaided (30): of the comments that were decided, the share that stands published without a
   person having had to look. Bad at 60 %, good at 98 %.
2. answered (20): of the threads, the share somebody else answered. Bad at 0, good at 50 %.
3. breadth (15): different readers on a day, added up over the days, per comment. It does not
   shrink as the period grows, as readers per comment would. Bad at 10 %, good at 60 %.
4. on_topic (20): of the threads, the share that is not away from its article now. Bad at 70 %,
   good at 100 %.
5. unreported (15): of the comments, the share without a report that stands (open or upheld;
   dismissed and organised reports say nothing). Bad at 90 %, good at 100 %.

A share that cannot be had (no threads) is left out and the other weights count for more. Below
20 comments there is no number. docs/engagement.md says what it is bad at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.engagement import share

FEWEST_COMMENTS = 20
FULL = 100.0


@dataclass(frozen=True, slots=True)
class Part:
    """How a share counts: its weight, and the values at which it gives nothing and everything."""

    name: str
    weight: float
    bad: float
    good: float


PARTS = (
    Part("unaided", 30, 0.60, 0.98),
    Part("answered", 20, 0.00, 0.50),
    Part("breadth", 15, 0.10, 0.60),
    Part("on_topic", 20, 0.70, 1.00),
    Part("unreported", 15, 0.90, 1.00),
)


@dataclass(frozen=True, slots=True)
class Component:
    """One share, from 0 to 1; the points (of `most`) it brings; None where it cannot be had."""

    name: str
    share: float | None
    points: float | None
    most: float
    bad: float
    good: float


@dataclass(frozen=True, slots=True)
class Health:
    """The sum of the points, 0 to 100; None where there are too few comments to say."""

    value: float | None
    components: tuple[Component, ...]


def conversation_health(counts: Mapping[str, int], *, reader_days: int) -> Health:
    """Health of a set of comments.

    Args:
        counts: the counts of `engagement.SUMMED`.
        reader_days: distinct readers of each day, added up over the days.
    """
    shares = _shares(counts, reader_days)
    known = sum(part.weight for part in PARTS if shares[part.name] is not None)
    components = tuple(_component(part, shares[part.name], known) for part in PARTS)
    return Health(health_value(counts, reader_days=reader_days), components)


def health_value(counts: Mapping[str, int], *, reader_days: int) -> float | None:
    """The number alone, 0 to 100: the sum of the points of `conversation_health`."""
    if counts["comments"] < FEWEST_COMMENTS:
        return None
    shares = _shares(counts, reader_days)
    points = known = 0.0
    for part in PARTS:
        value = shares[part.name]
        if value is not None:
            known += part.weight
            points += part.weight * _reached(part, value)
    return FULL * points / known if known else None


def _shares(counts: Mapping[str, int], reader_days: int) -> dict[str, float | None]:
    undecided = counts["pending"] + counts["withdrawn"] + counts["erased"]
    adrift = share(counts["threads_adrift"], counts["threads"])
    reported = share(counts["reported"], counts["comments"])
    return {
        "unaided": share(counts["unaided"], counts["comments"] - undecided),
        "answered": share(counts["answered"], counts["threads"]),
        "breadth": share(reader_days, counts["comments"]),
        "on_topic": None if adrift is None else 1.0 - adrift,
        "unreported": None if reported is None else 1.0 - reported,
    }


def _component(part: Part, value: float | None, known: float) -> Component:
    """The part's points once the parts that cannot be had are left out."""
    if value is None:
        return Component(part.name, None, None, 0.0, part.bad, part.good)
    most = FULL * part.weight / known
    points = most * _reached(part, value)
    return Component(part.name, value, points, most, part.bad, part.good)


def _reached(part: Part, value: float) -> float:
    return min(1.0, max(0.0, (value - part.bad) / (part.good - part.bad)))
