"""Count what a moderator had to look at."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from service.models import Exposure, new_id
from service.usecases.context import Context


def record_exposure(ctx: Context, *, moderator_id: UUID, severe: bool) -> None:
    """Add one text to this hour's count (UTC), and to its severe ones where it was severe.

    Args:
        severe: what `domain.wellbeing.is_severe` says of the text's scores.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        tx.session.execute(
            insert(Exposure)
            .values(
                id=new_id(),
                moderator_id=moderator_id,
                day=now.date(),
                hour=now.hour,
                seen=1,
                severe=int(severe),
            )
            .on_conflict_do_update(
                index_elements=[Exposure.moderator_id, Exposure.day, Exposure.hour],
                set_={"seen": Exposure.seen + 1, "severe": Exposure.severe + int(severe)},
            )
        )
