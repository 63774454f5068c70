"""Follow the log: count again every article's day that something happened to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, Select, delete, exists, func, select, text
from sqlalchemy.orm import Session

from service.models import EngagementCursor, EngagementTouch, Event, EventSeal, Site
from service.queries.audit import last_position
from service.queries.engagement_sources import Cell, cells_of_comments
from service.usecases.context import Context
from service.usecases.roll_up_cells import roll_up_cells

# Namespace of the advisory locks, one per site; any constant that nobody else uses does.
ROLLING_UP = 7_237_413
EVENTS_AT_ONCE = 5_000
TOUCHES_AT_ONCE = 2_000

# A site with a past: all its days, once. `created_at` makes `as_of` rise as they are counted.
_TOUCH_EVERYTHING = text(
    """
    INSERT INTO engagement_touch (site_id, article_id, day, created_at)
    SELECT :site, article_id, day, day::timestamp AT TIME ZONE 'UTC'
    FROM (SELECT DISTINCT article_id, (created_at AT TIME ZONE 'UTC')::date AS day
          FROM comment WHERE site_id = :site) had
    ORDER BY day, article_id
    """
)


def roll_up_engagement(
    ctx: Context, *, events: int = EVENTS_AT_ONCE, touches: int = TOUCHES_AT_ONCE
) -> int:
    """One round for every site; says how many cells were counted again.

    Safe at any time and by several at once: where another round is at a site it is left to that
    one. Each site is one transaction, and counting from the rows is the same however often it is
    done: a round that dies leaves everything to the next.
    """
    with ctx.reading() as session:
        sites = session.scalars(_sites_behind()).all()
    return sum(_follow(ctx, site_id, events, touches) for site_id in sites)


def _sites_behind() -> Select[UUID]:
    """Sites never counted, with sealed events not looked at yet, or with touches."""
    sealed = (
        select(func.max(EventSeal.position)).where(EventSeal.site_id == Site.id).scalar_subquery()
    )
    return (
        select(Site.id)
        .outerjoin(EngagementCursor, EngagementCursor.site_id == Site.id)
        .where(
            EngagementCursor.position.is_(None)
            | (sealed > EngagementCursor.position)
            | exists().where(EngagementTouch.site_id == Site.id)
        )
        .order_by(Site.id)
    )


def lock_roll_up(session: Session, site_id: UUID, *, wait: bool) -> bool:
    """Take the site's lock until the transaction ends; False where another has it."""
    take = func.pg_advisory_xact_lock if wait else func.pg_try_advisory_xact_lock
    taken = session.scalar(select(take(ROLLING_UP, func.hashtext(str(site_id)))))
    return wait or bool(taken)


def enrol(session: Session, site_id: UUID) -> EngagementCursor:
    """Begin at the end of the log and count everything before it from the rows."""
    cursor = EngagementCursor(site_id=site_id, position=last_position(session, site_id))
    session.add(cursor)
    session.flush()
    session.execute(_TOUCH_EVERYTHING, {"site": site_id})
    return cursor


def use_touches(session: Session, site_id: UUID, limit: int | None) -> set[Cell]:
    """Take the oldest touches away and give the cells they name; without a limit all of them."""
    oldest = (
        select(EngagementTouch.id)
        .where(EngagementTouch.site_id == site_id)
        .order_by(EngagementTouch.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    used = session.execute(
        delete(EngagementTouch)
        .where(EngagementTouch.id.in_(oldest))
        .returning(EngagementTouch.article_id, EngagementTouch.day)
        .execution_options(synchronize_session=False)
    )
    return {Cell(*row) for row in used}


def _follow(ctx: Context, site_id: UUID, events: int, touches: int) -> int:
    """The feed names comments and articles, the touches name cells; both are used up."""
    with ctx.transaction() as tx:
        session = tx.session
        if not lock_roll_up(session, site_id, wait=False):
            return 0
        cursor = session.get(EngagementCursor, site_id) or enrol(session, site_id)
        happened = _next_events(session, cursor, events)
        comments = {row.comment_id for row in happened if row.comment_id is not None}
        cells = use_touches(session, site_id, touches)
        if comments:
            cells |= cells_of_comments(session, comments, site_id=site_id)
        articles = {row.article_id for row in happened if row.article_id is not None}
        if cells or articles:
            roll_up_cells(session, site_id=site_id, cells=cells, articles=articles)
        if happened:
            cursor.position = happened[-1].position
    return len(cells)


def _next_events(
    session: Session, cursor: EngagementCursor, limit: int
) -> Sequence[Row[int, UUID | None, UUID | None]]:
    return session.execute(
        select(EventSeal.position, Event.comment_id, Event.article_id)
        .join(Event, Event.id == EventSeal.event_id)
        .where(EventSeal.site_id == cursor.site_id, EventSeal.position > cursor.position)
        .order_by(EventSeal.position)
        .limit(limit)
    ).all()
