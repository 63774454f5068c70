"""What time alone asks for: the queue's clocks, ends of sanctions, expiry."""

from __future__ import annotations

from dataclasses import dataclass

from service.usecases.context import Context
from service.usecases.end_sanctions import end_sanctions
from service.usecases.expire_reporters import expire_reporters
from service.usecases.sweep_reviews import ReviewsSwept, sweep_reviews


@dataclass(frozen=True, slots=True)
class ClocksKept:
    """What one round did."""

    reviews: ReviewsSwept
    sanctions_ended: int
    reporters_expired: int


def keep_clocks(ctx: Context) -> ClocksKept:
    """One round of all that is due. Each part owns its transactions, and is safe at any time."""
    return ClocksKept(
        reviews=sweep_reviews(ctx),
        sanctions_ended=end_sanctions(ctx),
        reporters_expired=expire_reporters(ctx),
    )
