"""What an article lets readers do."""

from __future__ import annotations

from enum import StrEnum


class ArticleMode(StrEnum):
    """Whether comments are taken, and whether a person sees them first."""

    OPEN = "open"
    PREMODERATED = "premoderated"
    CLOSED = "closed"
