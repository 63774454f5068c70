"""A reader mutes another: their comments leave the reader's own view."""

from __future__ import annotations

from uuid import UUID

from service.models import Mute, Promotion
from service.usecases.context import Context
from service.usecases.own_lists import check_other_reader, lock_owner, put_on_list, take_off_list


def mute_reader(ctx: Context, *, site_id: UUID, reader_id: UUID, muted_id: UUID) -> None:
    """Mute a reader of the same site; twice is fine, and who was promoted no longer is.

    Nobody is told, and nothing changes for anybody else.

    Raises NotFound, or Conflict for oneself and where the list is full.
    """
    with ctx.transaction() as tx:
        owner = lock_owner(tx.session, reader_id, site_id=site_id)
        check_other_reader(tx.session, owner, muted_id)
        row = Mute(reader_id=owner.id, muted_id=muted_id, created_at=ctx.clock())
        put_on_list(tx.session, owner, row)
        take_off_list(tx.session, owner.id, Promotion.promoted_id, muted_id)
