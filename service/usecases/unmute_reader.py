"""A reader wants to see another's comments again."""

from __future__ import annotations

from uuid import UUID

from service.models import Mute
from service.usecases.context import Context
from service.usecases.own_lists import take_off_list


def unmute_reader(ctx: Context, *, reader_id: UUID, muted_id: UUID) -> None:
    """Take a reader off the list of the muted; fine where they are not on it."""
    with ctx.transaction() as tx:
        take_off_list(tx.session, reader_id, Mute.muted_id, muted_id)
