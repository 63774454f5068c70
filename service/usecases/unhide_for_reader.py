"""A reader wants to see a hidden comment again."""

from __future__ import annotations

from uuid import UUID

from service.models import HiddenComment
from service.usecases.context import Context
from service.usecases.own_lists import take_off_list


def unhide_for_reader(ctx: Context, *, reader_id: UUID, comment_id: UUID) -> None:
    """Show a comment again; fine where it was not hidden."""
    with ctx.transaction() as tx:
        take_off_list(tx.session, reader_id, HiddenComment.comment_id, comment_id)
