"""A reader no longer wants to see another's comments first."""

from __future__ import annotations

from uuid import UUID

from service.models import Promotion
from service.usecases.context import Context
from service.usecases.own_lists import take_off_list


def unpromote_reader(ctx: Context, *, reader_id: UUID, promoted_id: UUID) -> None:
    """Take a reader off the list of the promoted; fine where they are not on it."""
    with ctx.transaction() as tx:
        take_off_list(tx.session, reader_id, Promotion.promoted_id, promoted_id)
