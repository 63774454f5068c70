"""The roll-ups follow the log: in any portions, by several at once, and over a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from service.models import (
    EngagementArticle,
    EngagementCell,
    EngagementCursor,
    EngagementDay,
    EngagementReader,
    EngagementTouch,
    EventSeal,
    Site,
)
from service.usecases.context import Context
from service.usecases.erase_reader import erase_reader
from service.usecases.follow_events import follow_events
from service.usecases.react import react
from service.usecases.rebuild_engagement import rebuild_engagement
from service.usecases.roll_up_engagement import lock_roll_up, roll_up_engagement
from service.usecases.seal_events import seal_events
from tests.engagement_history import History
from tests.makers import Makers

TABLES: tuple[Any, ...] = (EngagementCell, EngagementDay, EngagementArticle, EngagementReader)
BREAK = """
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON engagement_day EXECUTE FUNCTION broken();
"""
MEND = "DROP TRIGGER broken ON engagement_day; DROP FUNCTION broken()"


def everything(ctx: Context) -> list[list[Any]]:
    """All rows of the roll-ups, but for articles nobody commented on."""
    with ctx.reading() as session:
        return [
            [
                tuple(row)
                for row in session.execute(
                    select(table.__table__).order_by(*table.__table__.primary_key)
                )
                if table is not EngagementArticle or row.first_comment_at is not None
            ]
            for table in TABLES
        ]


def count(ctx: Context, table: Any) -> int:
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_in_small_portions_it_comes_to_the_same_as_from_scratch(
    ctx: Context, make: Makers, site: Site
) -> None:
    history = History(ctx, make, site, seed=3)
    for _ in range(60):
        history.step()
        if history.random.random() < 0.2:
            seal_events(ctx, limit=4)
            roll_up_engagement(ctx, events=3, touches=2)
    history.erase()
    seal_events(ctx, limit=5_000)
    for _ in range(8):
        roll_up_engagement(ctx, events=40, touches=20)
    followed = everything(ctx)
    assert len(followed[0]) > 10
    assert rebuild_engagement(ctx, site_id=site.id) == len(followed[0])
    assert everything(ctx) == followed


def test_a_past_is_counted_once_and_the_log_followed_from_its_end(
    ctx: Context, make: Makers, site: Site
) -> None:
    make.published(make.article(site), make.reader(site))
    seal_events(ctx, limit=5_000)
    roll_up_engagement(ctx)
    with ctx.reading() as session:
        head = session.scalar(select(func.max(EventSeal.position)))
        assert session.get_one(EngagementCursor, site.id).position == head
    assert count(ctx, EngagementCell) == 1
    assert roll_up_engagement(ctx) == 0


def test_a_reaction_touches_its_comment_s_day_and_the_touch_is_used_up(
    ctx: Context, make: Makers, site: Site
) -> None:
    comment = make.published(make.article(site), make.reader(site))
    follow_events(ctx)
    react(ctx, site=site, comment_id=comment.id, reader=make.reader(site), kind="respect")
    assert count(ctx, EngagementTouch) == 1
    assert follow_events(ctx).rolled_up == 1
    assert count(ctx, EngagementTouch) == 0
    with ctx.reading() as session:
        assert session.scalars(select(EngagementCell.reactions)).one() == 1


def test_an_erased_reader_s_number_leads_to_a_row_that_says_nothing(
    ctx: Context, make: Makers, site: Site
) -> None:
    reader = make.reader(site, "Niamh")
    make.published(make.article(site), reader)
    follow_events(ctx)
    erase_reader(ctx, site_id=site.id, reader_id=reader.id)
    follow_events(ctx)
    with ctx.reading() as session:
        cell = session.scalars(select(EngagementCell)).one()
    assert (cell.erased, cell.published, len(cell.readers)) == (1, 0, 1)
    assert "Niamh" not in repr(everything(ctx))
    assert make.reload(reader).username == "erased"


def test_a_round_that_dies_leaves_everything_to_the_next(
    ctx: Context, make: Makers, site: Site
) -> None:
    comment = make.published(make.article(site), make.reader(site))
    follow_events(ctx)
    react(ctx, site=site, comment_id=comment.id, reader=make.reader(site), kind="respect")
    make.published(make.article(site), make.reader(site))
    seal_events(ctx, limit=5_000)
    before = everything(ctx)
    with ctx.transaction() as tx:
        tx.session.execute(text(BREAK))
    with pytest.raises(DBAPIError):
        roll_up_engagement(ctx)
    assert everything(ctx) == before
    assert count(ctx, EngagementTouch) == 1
    with ctx.transaction() as tx:
        tx.session.execute(text(MEND))
    assert roll_up_engagement(ctx) == 2
    followed = everything(ctx)
    rebuild_engagement(ctx, site_id=site.id)
    assert everything(ctx) == followed


def test_a_site_somebody_else_is_at_is_left_to_them(shared: Context) -> None:
    make = Makers(shared)
    site = make.site()
    make.published(make.article(site), make.reader(site))
    with shared.transaction() as tx:
        lock_roll_up(tx.session, site.id, wait=True)
        assert roll_up_engagement(shared) == 0
    assert roll_up_engagement(shared) == 1


def test_several_at_once_count_what_one_would(shared: Context) -> None:
    make = Makers(shared)
    site = make.site()
    history = History(shared, make, site, seed=4)
    for _ in range(20):
        history.step()
    with ThreadPoolExecutor(3) as pool:
        for _ in range(3):
            rounds = [pool.submit(follow_events, shared) for _ in range(3)]
            for _ in range(4):
                history.step()
            for done in rounds:
                done.result()
    follow_events(shared)
    followed = everything(shared)
    rebuild_engagement(shared, site_id=site.id)
    assert everything(shared) == followed
