"""Reports by readers and notices of illegal content: their states and kinds."""

from __future__ import annotations

from enum import StrEnum


class ReportState(StrEnum):
    """What became of a report."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    # Swept away as part of a brigade: neither right nor wrong.
    INVALIDATED = "invalidated"


class NoticeState(StrEnum):
    """What became of a notice of illegal content."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
