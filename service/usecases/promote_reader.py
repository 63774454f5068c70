"""A reader promotes another: their comments come first in the reader's own view."""

from __future__ import annotations

from uuid import UUID

from service.models import Mute, Promotion
from service.usecases.context import Context
from service.usecases.own_lists import check_other_reader, lock_owner, put_on_list, take_off_list


def promote_reader(ctx: Context, *, site_id: UUID, reader_id: UUID, promoted_id: UUID) -> None:
    """Promote a reader of the same site; twice is fine, and who was muted no longer is.

    Raises NotFound, or Conflict for oneself and where the list is full.
    """
    with ctx.transaction() as tx:
        owner = lock_owner(tx.session, reader_id, site_id=site_id)
        check_other_reader(tx.session, owner, promoted_id)
        row = Promotion(reader_id=owner.id, promoted_id=promoted_id, created_at=ctx.clock())
        put_on_list(tx.session, owner, row)
        take_off_list(tx.session, owner.id, Mute.muted_id, promoted_id)
