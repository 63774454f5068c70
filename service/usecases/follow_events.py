"""Seal what happened and hand it to everything that follows the log."""

from __future__ import annotations

from dataclasses import dataclass

from service.usecases.context import Context
from service.usecases.enqueue_webhooks import enqueue_webhooks
from service.usecases.roll_up_engagement import roll_up_engagement
from service.usecases.seal_events import seal_events

SEALED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class EventsFollowed:
    """What one round did."""

    sealed: int
    rolled_up: int
    webhooks_enqueued: int


def follow_events(ctx: Context) -> EventsFollowed:
    """One round. Each part owns its transactions and is safe at any time, by several at once.

    A follower reads `event_seal` by position: the seals of a site are a feed without gaps in
    which nothing turns up late, so a number per site is all it has to remember.
    """
    sealed = seal_events(ctx, limit=SEALED_AT_ONCE)
    return EventsFollowed(
        sealed=sealed,
        rolled_up=roll_up_engagement(ctx),
        webhooks_enqueued=enqueue_webhooks(ctx),
    )
