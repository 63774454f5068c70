"""Appeals: their states."""

from __future__ import annotations

from enum import StrEnum


class AppealState(StrEnum):
    """What became of an appeal. Upheld: the decision stands."""

    FILED = "filed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
