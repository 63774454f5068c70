"""Webhooks and their messages as the publisher sees them: never with a secret."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.domain.webhook import DeliveryState, DisabledReason

_PROBLEMS = {
    DisabledReason.GONE: "Disabled: the receiver answered 410 Gone.",
    DisabledReason.FAILING: "Disabled: nothing could be delivered for three days ({error}).",
    DisabledReason.BY_HAND: "Disabled by hand.",
}
_PLAIN = ("id", "url", "description", "types", "disabled_at", "disabled_reason", "failing_since")
_HEALTH = ("failures", "last_error", "last_delivered_at", "created_at")


def webhook(found: Any, *, waiting: int, now: datetime) -> dict[str, Any]:
    """A webhook and how it is doing."""
    paused = found.paused_until
    return {
        **{name: getattr(found, name) for name in (*_PLAIN, *_HEALTH)},
        "enabled": found.disabled_at is None,
        "problem": _problem(found),
        "paused_until": paused if paused and paused > now else None,
        "waiting": waiting,
        "old_secret_until": _old_secret_until(found, now),
    }


def delivery(found: Any) -> dict[str, Any]:
    """One message of the log."""
    waits = found.state == DeliveryState.WAITING
    return {
        "id": found.id,
        "message_id": f"msg_{found.id.hex}",
        "event_id": found.event_id,
        "type": found.type,
        "state": found.state,
        "attempts": found.attempts,
        "due_at": found.due_at if waits else None,
        "last_attempt_at": found.last_attempt_at,
        "last_status": found.last_status,
        "last_error": found.last_error,
        "duration_ms": found.duration_ms,
        "delivered_at": found.delivered_at,
        "created_at": found.created_at,
        "payload": found.payload,
    }


def _problem(found: Any) -> str | None:
    if found.disabled_reason is not None:
        sentence = _PROBLEMS[DisabledReason(found.disabled_reason)]
        return sentence.format(error=found.last_error)
    if found.failures:
        return f"The last {found.failures} tries failed ({found.last_error})."
    return None


def _old_secret_until(found: Any, now: datetime) -> datetime | None:
    ends = [datetime.fromisoformat(s["until"]) for s in found.secrets if s["until"]]
    return max((end for end in ends if end > now), default=None)
