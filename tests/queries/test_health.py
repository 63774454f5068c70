"""What waits, counted for `/metrics`: right, and never by reading a whole table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, sessionmaker

from service.models import Article, Reader, Site, Webhook, new_id
from service.queries.health import Gauges, gauges
from service.queries.sites_guidelines import versions_in_force
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers

# They have a row for each site, worker or webhook, not for each comment.
SMALL = {"webhook", "scorer_heartbeat", "guideline_activation"}
QUERIES = 11


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def ann(make: Makers, site: Site) -> Reader:
    return make.reader(site, "ann")


def now_at(ctx: Context, later: timedelta = timedelta()) -> Gauges:
    with ctx.reading() as session:
        return gauges(session, ctx.clock() + later)


def test_nothing_waits_where_nothing_happened(ctx: Context, site: Site) -> None:
    found = now_at(ctx)
    assert {one.depth for one in found.queues.values()} == {0}
    assert found.review_queues == {}
    assert {one.oldest for one in found.cases.values()} == {0.0}


def test_a_pending_comment_waits_and_grows_old(
    ctx: Context, make: Makers, article: Article, ann: Reader
) -> None:
    make.comment(article, ann)
    waiting = now_at(ctx, timedelta(seconds=90)).queues["scoring"]
    assert waiting.depth == 1
    assert waiting.oldest == pytest.approx(90, abs=5)
    score_comments(ctx, FixedEngine())
    assert now_at(ctx).queues["scoring"].depth == 0


def test_a_comment_whose_author_is_asked_to_think_again_does_not_wait(
    ctx: Context, make: Makers, article: Article, ann: Reader
) -> None:
    comment = make.comment(article, ann)
    with ctx.transaction() as tx:
        tx.session.get_one(type(comment), comment.id).nudge_until = ctx.clock() + timedelta(
            minutes=10
        )
    assert now_at(ctx, timedelta(minutes=9)).queues["scoring"].depth == 0
    waiting = now_at(ctx, timedelta(minutes=11)).queues["scoring"]
    assert waiting.depth == 1
    assert waiting.oldest == pytest.approx(60, abs=5)


def test_a_held_comment_waits_for_a_person_and_is_overdue_in_time(
    ctx: Context, make: Makers, article: Article, ann: Reader
) -> None:
    make.comment(article, ann)
    score_comments(ctx, FixedEngine(toxicity=0.97))
    assert now_at(ctx).review_queues["toxic"].overdue == 0
    waiting = now_at(ctx, timedelta(days=1)).review_queues["toxic"]
    assert (waiting.depth, waiting.overdue) == (1, 1)
    assert waiting.oldest == pytest.approx(86_400, abs=5)


def test_events_wait_until_they_are_sealed(
    ctx: Context, make: Makers, article: Article, ann: Reader
) -> None:
    make.comment(article, ann)
    assert now_at(ctx).queues["events"].depth > 0


def test_webhooks_are_counted_by_how_they_do(ctx: Context, site: Site) -> None:
    now = ctx.clock()
    states: list[dict[str, Any]] = [{}, {}, {"failing_since": now}, {"disabled_at": now}]
    with ctx.transaction() as tx:
        for state in states:
            hook = Webhook(
                id=new_id(), site_id=site.id, url="https://example.org/", types=[], secrets=[]
            )
            hook.after_event = 0
            for name, value in state.items():
                setattr(hook, name, value)
            tx.session.add(hook)
    assert now_at(ctx).webhooks == {"working": 2, "failing": 1, "disabled": 1}


@pytest.fixture
def planned(sessions: sessionmaker[Session]) -> Iterator[list[str]]:
    """The plans of all queries from now on, where PostgreSQL reads no table it can avoid."""
    plans: list[str] = []
    with sessions() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        bind = session.connection()

        def explain(
            conn: Connection, cursor: Any, statement: str, parameters: Any, *_: Any
        ) -> None:
            if statement.startswith("SELECT"):
                cursor.execute(f"EXPLAIN {statement}", parameters)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))

        event.listen(bind, "before_cursor_execute", explain)
        yield plans
        event.remove(bind, "before_cursor_execute", explain)


def test_no_gauge_reads_a_whole_table(ctx: Context, planned: list[str]) -> None:
    now_at(ctx)
    with ctx.reading() as session:
        versions_in_force(session)
    lines = [line for plan in planned for line in plan.splitlines() if "Seq Scan on " in line]
    assert len(planned) >= QUERIES
    assert {line.split("Seq Scan on ")[1].split()[0] for line in lines} <= SMALL
