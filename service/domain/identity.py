"""Who a credential speaks of, and what a site's credentials are checked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a moderator may do at one site, besides what every moderator may."""

    MODERATOR = "moderator"
    LEAD = "lead"
    LEGAL = "legal"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKeys:
    """What readers' tokens of one site are checked with."""

    id: str
    key: str
    sso_secrets: Sequence[str]
    sso_jwks: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderIdentity:
    """Who a reader's token speaks of."""

    id: str
    username: str
    avatar: str | None
    badges: tuple[str, ...]
    issued_at: datetime | None
    is_guest: bool
    # Never stored unless the reader asks for e-mails.
    email: str | None = field(default=None, repr=False)
