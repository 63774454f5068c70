"""Suggestions for the newsroom's selection: what is in the list, in which order, and why."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from service.models import Article, Comment, Site
from service.queries.featured_candidates import pool_query
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.api.test_drift import explain, grow
from tests.api.test_moderation_items import Desk
from tests.makers import FixedEngine, Makers

ARGUED = "It is late because the pier is short, although they could move it in 2027. ({})"


@pytest.fixture
def desk(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "mairead"))


class Candidates:
    """Comments that could be suggested, and the list a moderator sees."""

    def __init__(self, ctx: Context, make: Makers, desk: Desk, site: Site, article: Article):
        self._ctx, self._make, self._desk = ctx, make, desk
        self._site, self._article = site, article
        self._count = 0

    def add(self, engine: FixedEngine | None = None, **values: Any) -> str:
        """A scored comment with these columns."""
        self._count += 1
        reader = self._make.reader(self._site)
        comment = self._make.comment(self._article, reader, body=ARGUED.format(self._count))
        score_comments(self._ctx, engine or FixedEngine())
        if values:
            with self._ctx.transaction() as tx:
                tx.session.execute(update(Comment).where(Comment.id == comment.id).values(**values))
        return str(comment.id)

    def listed(self, **query: Any) -> list[dict[str, Any]]:
        query = {"article": self._article.key, **query}
        text = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self._desk.get(f"/moderation/featured-candidates?{text}")
        found: list[dict[str, Any]] = answer.json["candidates"]
        return found

    def ids(self, **query: Any) -> list[str]:
        return [candidate["comment_id"] for candidate in self.listed(**query)]


@pytest.fixture
def candidates(ctx: Context, make: Makers, desk: Desk, site: Site, article: Article) -> Candidates:
    return Candidates(ctx, make, desk, site, article)


def test_the_most_supported_comment_comes_first_with_everything_it_rests_on(
    candidates: Candidates,
) -> None:
    quiet = candidates.add()
    liked = candidates.add(reactions={"respect": 9}, visible_replies=2, rank=0.9)
    found = candidates.listed()
    assert [candidate["comment_id"] for candidate in found] == [liked, quiet]
    best = found[0]
    assert (best["reactions"], best["replies"], best["toxicity"]) == (9, 2, 0.02)
    parts = best["merit"]
    total = parts["support"] + parts["writing"] + parts["closeness"]
    assert parts["total"] == pytest.approx(total)
    assert {sign["name"] for sign in best["signs"] if sign["present"]} == {
        "reasons",
        "evidence",
        "balance",
        "proposals",
    }


@pytest.mark.parametrize(
    "values",
    [
        {"status": "held"},
        {"demoted": True},
        {"label": "Not so."},
    ],
)
def test_what_is_not_plainly_public_is_not_suggested(
    candidates: Candidates, values: dict[str, Any]
) -> None:
    candidates.add(**values)
    assert candidates.ids() == []


@pytest.mark.parametrize("toxicity", [0.3, 0.45])
def test_what_may_offend_is_not_suggested(candidates: Candidates, toxicity: float) -> None:
    candidates.add(FixedEngine(toxicity=toxicity))
    assert candidates.ids() == []


def test_what_waits_for_a_decision_is_not_suggested(
    candidates: Candidates, client: FlaskClient, ann: Any, desk: Desk
) -> None:
    comment = candidates.add()
    client.post(
        f"/api/v1/comments/{comment}/reports", json={"guideline": "civil"}, headers=ann.headers
    )
    [item] = desk.queue()
    assert candidates.ids() == []
    desk.decide(item, "approve")
    assert candidates.ids() == [comment]


def test_what_readers_rightly_reported_is_not_suggested_even_when_it_is_public_again(
    candidates: Candidates, client: FlaskClient, ann: Any, desk: Desk
) -> None:
    comment = candidates.add()
    client.post(
        f"/api/v1/comments/{comment}/reports", json={"guideline": "civil"}, headers=ann.headers
    )
    [item] = desk.queue()
    desk.decide(item, "demote", guideline="civil")
    desk.post(f"/moderation/comments/{comment}/decisions", action="undemote")
    assert candidates.ids() == []


def test_a_pick_leaves_the_list_and_nothing_is_picked_by_itself(
    candidates: Candidates, desk: Desk, make: Makers, ctx: Context
) -> None:
    comment = candidates.add()
    with ctx.reading() as session:
        assert session.get_one(Comment, comment).featured_at is None
    assert candidates.ids() == [comment]
    assert desk.put(f"/comments/{comment}/featured").status_code == 200
    assert candidates.ids() == []


def test_replies_are_not_suggested(
    candidates: Candidates, make: Makers, site: Site, article: Article
) -> None:
    top = make.published(article, make.reader(site))
    make.published(article, make.reader(site), parent_id=top.id)
    assert candidates.ids() == [str(top.id)]


def test_without_an_article_it_is_about_what_the_site_published_last(
    candidates: Candidates, desk: Desk, make: Makers, site: Site
) -> None:
    here = candidates.add()
    elsewhere = make.published(make.article(site), make.reader(site))
    other = make.site("other")
    make.published(make.article(other), make.reader(other))
    found = desk.get("/moderation/featured-candidates").json["candidates"]
    assert {candidate["comment_id"] for candidate in found} == {here, str(elsewhere.id)}


def test_no_more_than_asked_for(candidates: Candidates) -> None:
    for _ in range(3):
        candidates.add()
    assert len(candidates.listed(limit=2)) == 2


@pytest.mark.usefixtures("article")
def test_only_moderators_see_it_and_an_unknown_article_is_a_problem(
    client: FlaskClient, desk: Desk, ann: Any, publisher: dict[str, str]
) -> None:
    path = "/api/v1/moderation/featured-candidates"
    assert client.get(path, headers=ann.headers).status_code == 403
    assert client.get(path, headers=publisher).status_code == 403
    assert client.get(path).status_code == 401
    assert desk.get("/moderation/featured-candidates?article=nowhere").status_code == 404
    assert desk.get("/moderation/featured-candidates?limit=51").status_code == 422


def test_the_pool_is_read_by_an_index(
    ctx: Context, make: Makers, site: Site, article: Article
) -> None:
    crowded = make.article(site)
    with ctx.transaction() as tx:
        grow(tx.session, [*[article] * 8, crowded, crowded], make.reader(site))
        plan = explain(tx.session, pool_query(article.id))
    assert "ix_comment_thread_top" in plan
    assert "Seq Scan" not in plan
