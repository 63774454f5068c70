"""Threads in every order: by keyset without gaps, what is lowered last, each page by an index."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from service.domain.ranking import advance, rank
from service.models import Article, Comment, Site, new_id
from service.queries.comments import thread_page
from service.queries.thread_order import SECTIONS, SORTS, Position, fits
from service.usecases.context import Context
from tests.makers import Makers

ARTICLES, MANY = 10, 20_000


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def threads(ctx: Context, make: Makers, site: Site, article: Article) -> list[Comment]:
    """Nine threads, oldest first: two are lowered, three are picks (one of these lowered)."""
    made = [make.published(article, make.reader(site)) for _ in range(9)]
    now = ctx.clock()
    with ctx.transaction() as tx:
        for place, comment in enumerate(made):
            change(
                tx.session,
                comment,
                rank=[0.1, 0.5, 0.5, 0.9, 0.0, 0.3, 0.7, 0.2, 0.5][place],
                demoted=place in (3, 6),
                featured_at=now + timedelta(hours=-place) if place in (1, 4, 6) else None,
            )
    return made


def change(session: Session, comment: Comment, **values: Any) -> None:
    session.execute(update(Comment).where(Comment.id == comment.id).values(**values))


def walk(ctx: Context, article: Article, sort: str, limit: int) -> list[UUID]:
    seen: list[UUID] = []
    after: Position | None = None
    with ctx.reading() as session:
        while True:
            page = thread_page(session, article_id=article.id, sort=sort, after=after, limit=limit)
            assert len(page.items) <= limit
            seen += [thread.root.id for thread in page.items]
            if page.next is None:
                return seen
            assert fits(sort, page.next)
            after = page.next


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 9, 50])
@pytest.mark.parametrize(
    ("sort", "places"),
    [
        ("newest", [8, 7, 5, 4, 2, 1, 0, 6, 3]),
        ("oldest", [0, 1, 2, 4, 5, 7, 8, 3, 6]),
        ("top", [8, 2, 1, 5, 7, 0, 4, 3, 6]),
        ("featured", [1, 4, 6, 8, 7, 5, 2, 0, 3]),
    ],
)
def test_pages_of_every_size_follow_each_other_in_order(
    ctx: Context, article: Article, threads: list[Comment], sort: str, places: list[int], limit: int
) -> None:
    assert walk(ctx, article, sort, limit) == [threads[place].id for place in places]


def test_a_pick_that_is_gone_is_no_pick_and_its_replies_stay_reachable(
    ctx: Context, make: Makers, site: Site, article: Article, threads: list[Comment]
) -> None:
    make.published(article, make.reader(site), parent_id=threads[4].id)
    with ctx.transaction() as tx:
        change(tx.session, threads[4], status="withdrawn")
    places = [1, 6, 8, 7, 5, 4, 2, 0, 3]
    assert walk(ctx, article, "featured", 2) == [threads[place].id for place in places]


def test_only_positions_of_the_same_order_fit() -> None:
    plain, lowered = Position(new_id()), Position(new_id(), demoted=True)
    ranked = Position(new_id(), rank=0.5)
    assert {sort for sort in SORTS if fits(sort, plain)} == {"newest", "oldest", "featured"}
    assert {sort for sort in SORTS if fits(sort, lowered)} == {"newest", "oldest", "featured"}
    assert {sort for sort in SORTS if fits(sort, ranked)} == {"top"}


def test_a_reply_lifts_its_thread(ctx: Context, make: Makers, site: Site, article: Article) -> None:
    first, second = (make.published(article, make.reader(site)) for _ in range(2))
    assert walk(ctx, article, "top", 5) == [second.id, first.id]
    make.published(article, make.reader(site), parent_id=first.id)
    assert walk(ctx, article, "top", 5) == [first.id, second.id]


@pytest.mark.parametrize("sort", SORTS)
def test_every_section_is_read_by_an_index_and_sorts_nothing(
    ctx: Context, make: Makers, site: Site, article: Article, sort: str
) -> None:
    articles = [article, *(make.article(site) for _ in range(ARTICLES - 1))]
    with ctx.transaction() as tx:
        grow(tx.session, articles, make.reader(site).id)
        for section in SECTIONS[sort]:
            middle = tx.session.get_one(Comment, some(tx.session, article, section.demoted))
            for after in (None, section.position_of(middle)):
                query = section.threads(article.id, after).limit(21)
                compiled = query.compile(tx.session.connection())
                explained = tx.session.connection().exec_driver_sql(
                    f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params
                )
                plan = json.dumps(explained.scalar_one())
                assert "ix_comment_thread_" in plan
                assert "Sort" not in plan
                assert "Seq Scan" not in plan


def grow(session: Session, articles: Sequence[Article], reader_id: UUID) -> None:
    """Many threads under several articles by one statement; some lowered, some picks."""
    session.execute(
        text("""
        INSERT INTO comment (id, site_id, article_id, reader_id, root_id, depth, status, revision,
                             body, html, demoted, human_decision, created_at, visible_replies,
                             fingerprint, bands, attempts, retries, locked, legal_hold, rank,
                             featured_at)
        SELECT id, :site, (CAST(:articles AS uuid[]))[1 + n % :count], :reader, id, 0, 'published',
               1, 'Text', '<p>Text</p>', n % 13 = 0, 'none', now(), 0, n, '{}', 1, 0, false, false,
               random(),
               CASE WHEN n % 41 = 7 THEN now() - n * interval '1 minute' END
        FROM (SELECT uuidv7() AS id, n FROM generate_series(1, :many) AS n) AS made
        """),
        {
            "site": articles[0].site_id,
            "articles": [article.id for article in articles],
            "count": len(articles),
            "reader": reader_id,
            "many": MANY,
        },
    )
    session.execute(text("ANALYZE comment"))


def some(session: Session, article: Article, demoted: bool) -> UUID:
    found: UUID = session.execute(
        text("""
        SELECT id FROM comment WHERE article_id = :article AND demoted = :demoted
            AND (:demoted OR featured_at IS NOT NULL) ORDER BY id OFFSET 10 LIMIT 1
        """),
        {"article": article.id, "demoted": demoted},
    ).scalar_one()
    return found


def test_threads_that_were_there_before_the_migration_get_the_rank_of_their_replies(
    ctx: Context, make: Makers, site: Site, article: Article
) -> None:
    silent, spoken = (make.published(article, make.reader(site)) for _ in range(2))
    with ctx.transaction() as tx:
        for comment, replies, hours in ((silent, 0, -5), (spoken, 7, 9)):
            at = article.created_at + timedelta(hours=hours)
            change(tx.session, comment, rank=0, advance=0, visible_replies=replies, created_at=at)
        migration = importlib.import_module(
            "service.migrations.versions.0003_reactions_and_own_view"
        )
        tx.session.execute(text(migration.RANK_EXISTING))
    for row in (make.reload(silent), make.reload(spoken)):
        late = advance(article_at=article.created_at, comment_at=row.created_at)
        expected = rank(reactions=0, replies=row.visible_replies, advance=late)
        assert (row.advance, row.rank) == (pytest.approx(late), pytest.approx(expected))
