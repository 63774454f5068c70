"""Drift over HTTP: threads comment by comment, articles, the line for readers, the item."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Select, text
from sqlalchemy.orm import Session, sessionmaker

from config.settings import Settings
from service.app import create_app
from service.bootstrap import make_api, make_parts
from service.domain.drift import estimate_drift
from service.domain.guideline import DriftHandling, Policy
from service.models import Article, Site, utc_now
from service.queries import thread_drift
from service.usecases.context import Context
from service.usecases.create_site import create_api_key
from service.usecases.score_comments import score_comments
from tests.api.test_moderation_items import Desk
from tests.makers import FixedEngine, Makers, bearer
from tests.straying import FAR, NEAR, RETURNING, STRAYING, Talk

MANY = 4_000


@pytest.fixture
def talk(ctx: Context, site: Site, article: Article) -> Talk:
    return Talk(ctx, site, article)


@pytest.fixture
def desk(client: FlaskClient, make: Makers, site: Site) -> Desk:
    return Desk(client, make.moderator(site, "mairead"))


def drift(client: FlaskClient, headers: dict[str, str], **query: Any) -> Any:
    query = {"article": "harbour-bridge", **query}
    return client.get("/api/v1/drift", query_string=query, headers=headers)


def test_an_article_nobody_has_commented_on_has_no_threads(
    client: FlaskClient, publisher: dict[str, str], article: Article
) -> None:
    answer = drift(client, publisher, article=article.key)
    assert answer.status_code == 200
    assert answer.json["threads"] == []


def test_a_thread_is_told_comment_by_comment(
    client: FlaskClient, publisher: dict[str, str], talk: Talk
) -> None:
    top = talk.thread(None, *STRAYING)
    [thread] = drift(client, publisher).json["threads"]
    said = [NEAR, None, *STRAYING]
    assert thread["id"] == str(top.id)
    assert [point["relevance"] for point in thread["points"]] == said
    assert [point["index"] for point in thread["points"]] == list(range(6))
    for turn, point in enumerate(thread["points"]):
        assert point["drift"] == pytest.approx(estimate_drift(said[: turn + 1]).value)
    assert thread["next_before"] is None


def test_it_says_with_which_comment_a_thread_left_and_came_back(
    client: FlaskClient, publisher: dict[str, str], talk: Talk
) -> None:
    top = talk.thread(NEAR)
    strays = talk.reply(top, STRAYING)
    [thread] = drift(client, publisher).json["threads"]
    assert (thread["state"], thread["returned_at"]) == ("left", None)
    assert thread["left_at"]["comment_id"] == str(strays[0].id)
    assert thread["left_at"]["at"] <= thread["left_at"]["noticed_at"] == thread["away_since"]
    talk.reply(top, RETURNING)
    [thread] = drift(client, publisher).json["threads"]
    assert (thread["state"], thread["away_since"]) == ("returned", None)
    assert [moment["change"] for moment in thread["moments"]] == ["left", "returned"]


def test_threads_come_newest_first_and_page_by_page(
    client: FlaskClient, publisher: dict[str, str], talk: Talk
) -> None:
    made = [str(talk.thread().id) for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = drift(client, publisher, limit=2, **({"cursor": cursor} if cursor else {})).json
        seen += [thread["id"] for thread in page["threads"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


def test_only_threads_that_are_away_on_request(
    client: FlaskClient, publisher: dict[str, str], talk: Talk
) -> None:
    away = talk.thread(*STRAYING)
    talk.thread(NEAR)
    found = drift(client, publisher, away=True).json["threads"]
    assert [thread["id"] for thread in found] == [str(away.id)]


def test_earlier_points_are_asked_for_by_index(
    client: FlaskClient,
    publisher: dict[str, str],
    talk: Talk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.queries.drift_pages.POINTS_MAX", 3)
    top = talk.thread(NEAR, FAR, NEAR, FAR)
    [thread] = drift(client, publisher, thread=top.id).json["threads"]
    assert [point["index"] for point in thread["points"]] == [2, 3, 4]
    assert thread["next_before"] == 2
    [thread] = drift(client, publisher, thread=top.id, before=2).json["threads"]
    assert [point["index"] for point in thread["points"]] == [0, 1]
    assert thread["next_before"] is None


def test_the_article_as_a_whole_and_when_that_changed(
    client: FlaskClient, publisher: dict[str, str], talk: Talk
) -> None:
    for _ in range(3):
        talk.thread(*STRAYING)
    article = drift(client, publisher).json["article"]
    assert article["drifting"] is True
    assert article["recent"]["away_threads"] == 3
    [moment] = article["moments"]
    assert (moment["drifting"], moment["at"]) == (True, article["drifting_since"])


def test_figures_name_the_articles_with_threads_away(
    client: FlaskClient, ctx: Context, publisher: dict[str, str], site: Site, talk: Talk
) -> None:
    talk.thread(*STRAYING)
    other = Talk(ctx, site)
    for _ in range(2):
        other.thread(*STRAYING)
    today = utc_now().date().isoformat()
    query = {"from": today, "to": today}
    answer = client.get("/api/v1/drift/articles", query_string=query, headers=publisher).json
    found = [(one["key"], one["away_threads"]) for one in answer["articles"]]
    assert found == [(other.article.key, 2), (talk.article.key, 1)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"article": "nowhere"}, 404),
        ({"thread": str(uuid4())}, 404),
        ({"thread": "no-id"}, 422),
        ({"before": 0}, 422),
        ({"limit": 51}, 422),
        ({"cursor": "???"}, 422),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_a_problem(
    client: FlaskClient, publisher: dict[str, str], article: Article, query: Any, code: int
) -> None:
    answer = drift(client, publisher, **query)
    assert answer.status_code == code
    assert answer.mimetype == "application/problem+json"


def test_a_thread_of_another_article_is_not_told(
    client: FlaskClient, ctx: Context, publisher: dict[str, str], site: Site, article: Article
) -> None:
    elsewhere = Talk(ctx, site).thread()
    assert drift(client, publisher, thread=elsewhere.id).status_code == 404


def test_publishers_and_moderators_may_look_readers_and_others_may_not(
    client: FlaskClient, ctx: Context, make: Makers, talk: Talk, desk: Desk, ann: Any
) -> None:
    talk.thread()
    assert desk.get("/drift?article=harbour-bridge").status_code == 200
    assert drift(client, ann.headers).status_code == 403
    assert client.get("/api/v1/drift?article=harbour-bridge").status_code == 401
    other = bearer(create_api_key(ctx, site_id=make.site("other").id, name="tests"))
    assert drift(client, other).status_code == 404


def test_readers_are_told_only_where_the_site_wants_it(
    client: FlaskClient,
    settings: Settings,
    sessions: sessionmaker[Session],
    policy: Policy,
    talk: Talk,
) -> None:
    for _ in range(3):
        talk.thread(*STRAYING)
    talk.thread()
    telling = replace(policy, drift=DriftHandling(line=True))
    parts = make_parts(settings, sessions=sessions, policy=telling)
    other = create_app(settings, make_api(settings, parts)).test_client()
    assert shown(client) == [False] * 6
    assert shown(other) == [True, True, False, True, True, True]
    parts.engine.dispose()


def shown(client: FlaskClient) -> list[bool]:
    """What readers are told of the article, twice, and of its threads, newest first."""
    article = client.get("/api/v1/articles/harbour-bridge").json
    page = client.get("/api/v1/articles/harbour-bridge/comments").json
    return [article["drifting"], page["drifting"], *(t["drifting"] for t in page["threads"])]


def test_the_item_says_where_the_thread_left_and_shows_it_from_there(
    talk: Talk, desk: Desk
) -> None:
    top = talk.thread(NEAR)
    strays = talk.reply(top, STRAYING)
    [listed] = desk.queue()
    item = desk.get(f"/moderation/items/{listed['id']}").json
    assert item["comment_id"] == str(top.id)
    assert {"approve", "lock", "label", "acknowledge"} <= set(item["actions"])
    assert item["departure"]["comment_id"] == str(strays[0].id)
    shown = [comment["id"] for comment in item["departure"]["comments"]]
    assert shown == [str(stray.id) for stray in strays]


@pytest.mark.usefixtures("article")
def test_an_item_without_a_departure_has_none(ann: Any, ctx: Context, desk: Desk) -> None:
    ann.post("You are a disgrace to the harbour.")
    score_comments(ctx, FixedEngine(toxicity=0.97))
    [listed] = desk.queue()
    assert desk.get(f"/moderation/items/{listed['id']}").json["departure"] is None


def test_the_threads_of_an_article_are_read_by_an_index(
    ctx: Context, make: Makers, site: Site, article: Article
) -> None:
    crowded = make.article(site)
    with ctx.transaction() as tx:
        grow(tx.session, [article, *[crowded] * 9], make.reader(site))
        plans = [
            explain(
                tx.session,
                thread_drift.article_threads(article.id, after=None, away=away, limit=21),
            )
            for away in (False, True)
        ]
    assert "ix_comment_threads" in plans[0]
    assert "Sort" not in plans[0]
    assert all("Seq Scan" not in plan for plan in plans)


def grow(session: Session, articles: list[Article], reader: Any) -> None:
    """Many threads under several articles, by one statement."""
    session.execute(
        text("""
        INSERT INTO comment (id, site_id, article_id, reader_id, root_id, depth, status, revision,
                             body, html, demoted, human_decision, created_at, visible_replies,
                             fingerprint, bands, attempts, retries, locked, legal_hold)
        SELECT id, :site, (CAST(:articles AS uuid[]))[1 + n % :count], :reader, id, 0, 'published',
               1, 'Text', '<p>Text</p>', false, 'none', now(), 0, n, '{}', 1, 0, false, false
        FROM (SELECT uuidv7() AS id, n FROM generate_series(1, :many) AS n) AS made
        """),
        {
            "site": articles[0].site_id,
            "articles": [article.id for article in articles],
            "count": len(articles),
            "reader": reader.id,
            "many": MANY,
        },
    )
    session.execute(text("ANALYZE comment"))


def explain(session: Session, query: Select[Any]) -> str:
    compiled = query.compile(session.connection())
    explained = session.connection().exec_driver_sql(
        f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params
    )
    return json.dumps(explained.scalar_one())
