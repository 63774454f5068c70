"""Count a site's engagement from scratch, in place of whatever the roll-ups hold."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from service.models import (
    EngagementArticle,
    EngagementCell,
    EngagementCursor,
    EngagementDay,
    EngagementReader,
    EngagementTouch,
    Site,
)
from service.usecases.context import Context
from service.usecases.identify_caller import find_site
from service.usecases.roll_up_cells import roll_up_cells
from service.usecases.roll_up_engagement import enrol, lock_roll_up, use_touches


def rebuild_engagement(ctx: Context, *, site_id: UUID) -> int:
    """Empty the site's roll-ups and count them again; says how many cells there are.

    One transaction: until it ends everybody reads the old figures, and rounds of the follower
    pass the site by. Readers keep their numbers.
    """
    with ctx.transaction() as tx:
        session = tx.session
        # A site of millions takes longer than any other statement may.
        session.execute(text("SET LOCAL statement_timeout = 0"))
        lock_roll_up(session, site_id, wait=True)
        _empty(session, site_id)
        enrol(session, site_id)
        cells = use_touches(session, site_id, None)
        roll_up_cells(session, site_id=site_id, cells=cells)
    return len(cells)


def _empty(session: Session, site_id: UUID) -> None:
    for table in (
        EngagementCell,
        EngagementDay,
        EngagementArticle,
        EngagementTouch,
        EngagementCursor,
    ):
        session.execute(
            delete(table)
            .where(table.site_id == site_id)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
    session.execute(
        update(EngagementReader)
        .where(EngagementReader.site_id == site_id)
        .values(first_day=None)
        .execution_options(synchronize_session=False)
    )


def sites_to_rebuild(ctx: Context, *, key: str | None) -> list[Site]:
    """The site of this key, or all sites. Raises NotFound."""
    with ctx.reading() as session:
        if key is not None:
            return [find_site(session, key)]
        return list(session.scalars(select(Site).order_by(Site.key)))
