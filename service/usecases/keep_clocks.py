"""What time alone asks for: the queue's clocks, ends of sanctions, expiry, seals of the log."""

from __future__ import annotations

from dataclasses import dataclass

from service.usecases.context import Context
from service.usecases.end_sanctions import end_sanctions
from service.usecases.expire_reporters import expire_reporters
from service.usecases.seal_events import seal_events
from service.usecases.sweep_reviews import ReviewsSwept, sweep_reviews

SEALED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ClocksKept:
    """What one round did."""

    reviews: ReviewsSwept
    sanctions_ended: int
    reporters_expired: int
    events_sealed: int


def keep_clocks(ctx: Context) -> ClocksKept:
    """One round of all that is due. Each part owns its transactions, and is safe at any time."""
    return ClocksKept(
        reviews=sweep_reviews(ctx),
        sanctions_ended=end_sanctions(ctx),
        reporters_expired=expire_reporters(ctx),
        events_sealed=seal_events(ctx, limit=SEALED_AT_ONCE),
    )
