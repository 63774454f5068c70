"""The restrictions that owe a reader a statement of reasons."""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    """What was done to a comment or a reader."""

    REJECT = "reject"
    REMOVE = "remove"
    HIDE = "hide"
    DEMOTE = "demote"
    LOCK = "lock"
    LABEL = "label"
    WARN = "warn"
    PREMODERATE = "premoderate"
    SUSPEND = "suspend"
    BAN = "ban"


# A warning restricts nothing by itself: it is explained, and is in no transparency database.
RESTRICTING = frozenset(Measure) - {Measure.WARN}
_BY_NAME = {measure.value: measure for measure in Measure}
ON_READER = frozenset({Measure.WARN, Measure.PREMODERATE, Measure.SUSPEND, Measure.BAN})


def measure_of(action: str, *, demote: bool = False) -> Measure | None:
    """The measure a decision's action amounts to; None where it restricts nobody.

    1. An action by the name of a measure is that measure.
    2. Another action that also ranks the comment lower is a demotion, though it is public.
    3. Holding is a check before publication, not yet a restriction.
    """
    return _BY_NAME.get(action, Measure.DEMOTE if demote else None)
