"""One try of one message to a webhook, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One try of one message. `id` stays the same over all tries; `secrets` are sealed."""

    id: UUID
    webhook_id: UUID
    url: str
    secrets: tuple[str, ...]
    body: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try.

    `error` is None where the receiver took it (a 2xx), else a code: `http_status`, `gone`,
    `redirect`, `timeout`, `connection_failed`, `tls_failed`, `name_not_found`,
    `address_not_public`, `bad_address`, `secret_unreadable`. `retry_after` is in seconds, as the
    receiver asked.
    """

    error: str | None
    duration_ms: int
    status: int | None = None
    retry_after: float | None = None


# What may have cost the whole time of a try: the next one would most likely cost it again.
SLOW = frozenset({"timeout", "connection_failed", "name_not_found", "tls_failed"})
# Refused on our side, before anything was sent.
REFUSED = frozenset({"address_not_public", "bad_address", "secret_unreadable"})
