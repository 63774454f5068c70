"""Webhooks: which events are told of, when a message is tried again, when an address is given up.

Types and signatures follow the Standard Webhooks specification, and so do the waits between tries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from service.domain.comment import CommentStatus


class WebhookType(StrEnum):
    """What a publisher can be told of."""

    PUBLISHED = "comment.published"
    HELD = "comment.held"
    HIDDEN = "comment.hidden"
    REJECTED = "comment.rejected"
    REMOVED = "comment.removed"
    REPORT = "report.received"
    NOTICE = "notice.received"
    DECISION = "decision.made"
    APPEAL = "appeal.filed"
    DRIFTING = "article.drifting"


class DeliveryState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"  # every try failed
    SKIPPED = "skipped"  # not sent: the decision was undone, or the webhook is disabled


class DisabledReason(StrEnum):
    """Why nothing is sent to a webhook any more."""

    GONE = "gone"  # it answered 410
    FAILING = "failing"  # nothing could be delivered for days
    BY_HAND = "by_hand"


TEST = "webhook.test"
UNDONE, DISABLED, NOT_REPLAYED = "undone", "disabled", "not_replayed"
MAX_WEBHOOKS = 10
KEPT_FOR = timedelta(days=30)
# Messages for a disabled webhook are kept for when it is enabled again; not for ever.
KEPT_WHILE_DISABLED = timedelta(days=7)
OLD_SECRET_HOLDS = timedelta(hours=24)
MAX_SECRETS = 4
# A person's decision is told this much after it is final: an undoing may just be committing.
GRACE = timedelta(seconds=2)

# The waits after each failed try; then the message has failed. With the first one: ten tries.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
RETRY_AFTER_MOST = timedelta(hours=24)
# After so many failures in a row one message at a time is tried, after a pause that doubles.
PATIENCE = 3
PAUSE_FIRST, PAUSE_MOST = timedelta(seconds=5), timedelta(minutes=10)
MAX_DOUBLINGS = 10
DISABLE_AFTER, DISABLE_TRIES = timedelta(days=3), 10

_S = CommentStatus
_TYPE_OF_STATUS: Mapping[str, WebhookType] = {
    _S.PUBLISHED: WebhookType.PUBLISHED,
    _S.HELD: WebhookType.HELD,
    _S.HIDDEN: WebhookType.HIDDEN,
    _S.REJECTED: WebhookType.REJECTED,
    _S.REMOVED: WebhookType.REMOVED,
    _S.WITHDRAWN: WebhookType.REMOVED,
    _S.ERASED: WebhookType.REMOVED,
}
_GONE: frozenset[str | None] = frozenset({_S.REJECTED, _S.REMOVED, _S.WITHDRAWN, _S.ERASED})
_BY_KIND = {
    "report.received": WebhookType.REPORT,
    "notice.received": WebhookType.NOTICE,
    "appeal.filed": WebhookType.APPEAL,
    "article.drifting": WebhookType.DRIFTING,
}
_DECIDED = frozenset({"decision.made", "decision.reversed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The parts of an event that say what to tell. `action` is that of the decision in it."""

    kind: str
    from_status: str | None = None
    to_status: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    automated: bool = False
    action: str | None = None


def types_of(event: Happened) -> tuple[WebhookType, ...]:
    """The types of messages an event is told as; most events are told as none.

    1. What was undone is told to nobody.
    2. A comment that came into another status: the status' type. Withdrawn and erased are
       `comment.removed`, unless it was gone before.
    3. A decision on a comment: `decision.made`; not for a rule that lets it be published.
    4. A new report, a notice, an appeal, an article left by its threads: their own types.
    """
    if event.kind == "decision.undone":
        return ()
    if event.kind == WebhookType.REPORT and not event.data.get("created", True):
        return ()
    if event.kind in _BY_KIND:
        return (_BY_KIND[event.kind],)
    found = []
    moved = event.from_status is not None and event.from_status != event.to_status
    status = _TYPE_OF_STATUS.get(event.to_status or "") if moved else None
    if status is not None and not _was_gone(event):
        found.append(status)
    tells = not (event.automated and event.action == "publish")
    if event.action is not None and (moved or event.kind in _DECIDED) and tells:
        found.append(WebhookType.DECISION)
    return tuple(found)


def _was_gone(event: Happened) -> bool:
    return event.from_status in _GONE and event.to_status in _GONE


def next_try(
    attempts: int, now: datetime, *, jitter: float, retry_after: float | None = None
) -> datetime | None:
    """When a message that failed for the `attempts`-th time is tried again; None for never.

    Args:
        jitter: 0–1, drawn by the caller; it adds up to a fifth, so that messages which failed
            together do not come back together.
        retry_after: seconds the receiver asked for; it can lengthen a wait, to a day at most.
    """
    if attempts > len(WAITS):
        return None
    wait = WAITS[attempts - 1] * (1 + JITTER * jitter)
    return now + max(wait, _asked(retry_after))


def pause_until(
    failures: int, now: datetime, *, retry_after: float | None = None
) -> datetime | None:
    """Until when a webhook is left alone after its `failures`-th failure in a row, if at all."""
    asked = _asked(retry_after)
    if failures < PATIENCE:
        return now + asked if asked else None
    doubled = PAUSE_FIRST * (1 << min(failures - PATIENCE, MAX_DOUBLINGS))
    return now + max(min(doubled, PAUSE_MOST), asked)


def is_given_up(failing_since: datetime | None, failures: int, now: datetime) -> bool:
    """Whether an address has failed long and often enough to be disabled."""
    return (
        failing_since is not None
        and failures >= DISABLE_TRIES
        and now - failing_since >= DISABLE_AFTER
    )


def secrets_in_force(secrets: Sequence[Mapping[str, Any]], now: datetime) -> list[str]:
    """The sealed secrets a message is signed with: the newest, and old ones that still hold."""
    return [
        str(secret["sealed"])
        for secret in secrets
        if secret["until"] is None or datetime.fromisoformat(secret["until"]) > now
    ]


def _asked(retry_after: float | None) -> timedelta:
    return min(timedelta(seconds=max(0.0, retry_after or 0.0)), RETRY_AFTER_MOST)
