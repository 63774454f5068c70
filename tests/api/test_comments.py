"""Posting, reading, editing and withdrawing comments over HTTP."""

from __future__ import annotations

from json import dumps
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from service.models import Article, Comment, Site
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.api.conftest import Reader
from tests.makers import FixedEngine, Makers, bearer, reader_token

THREADS = "/api/v1/articles/harbour-bridge/comments"

pytestmark = pytest.mark.usefixtures("article")


def stored(ctx: Context) -> int:
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(Comment)) or 0


def test_posting_answers_202_with_the_comment_as_its_author_sees_it(ann: Reader) -> None:
    answer = ann.post("The ferry will be *crowded*.")
    assert answer.status_code == 202
    assert answer.json["status"] == "pending"
    assert "checked" in answer.json["outcome"]["explanation"]
    assert "<em>crowded</em>" in answer.json["html"]


def test_a_pending_comment_is_seen_by_its_author_only(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    comment = ann.post("Only mine for now.").json
    assert ann.get(f"/comments/{comment['id']}").status_code == 200
    assert bob.get(f"/comments/{comment['id']}").status_code == 404
    assert client.get(f"/api/v1/comments/{comment['id']}").status_code == 404
    assert client.get(THREADS).json["threads"] == []


def test_a_published_comment_shows_in_the_thread_and_in_the_counts(
    client: FlaskClient, ann: Reader
) -> None:
    ann.published("I shall take the ferry.")
    page = client.get(THREADS).json
    assert page["comment_count"] == 1
    assert page["threads"][0]["author"]["username"] == "Ann"


def test_replies_come_with_their_thread_and_the_rest_by_cursor(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    top = ann.published("Who has tried the ferry?")
    for n in range(5):
        bob.published(f"I have, {n} times.", parent_id=top["id"])
    thread = client.get(THREADS).json["threads"][0]
    assert thread["reply_count"] == 5
    assert len(thread["replies"]) == 3
    first = client.get(f"/api/v1/comments/{top['id']}/replies?limit=4").json
    rest = client.get(
        f"/api/v1/comments/{top['id']}/replies?limit=4&cursor={first['next_cursor']}"
    ).json
    texts = [reply["html"] for reply in first["replies"] + rest["replies"]]
    assert texts == [f"<p>I have, {n} times.</p>" for n in range(5)]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(("sort", "first"), [("newest", "third"), ("oldest", "first")])
def test_pages_follow_each_other_without_gaps(
    client: FlaskClient, ann: Reader, sort: str, first: str
) -> None:
    for word in ("first", "second", "third"):
        ann.published(f"The {word} comment.")
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"{THREADS}?sort={sort}&limit=1{cursor}").json
        seen += [thread["html"] for thread in page["threads"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(set(seen)) == 3
    assert first in seen[0]


def test_comments_ranked_lower_come_after_all_others(
    client: FlaskClient, ctx: Context, ann: Reader, bob: Reader
) -> None:
    ann.published("The ferry needs a roof against the rain.")
    astray = "Nothing to do with this at all, but my cat has learned to open the fridge door."
    bob.post(astray)
    score_comments(ctx, FixedEngine(relevance=0.01))
    ann.published("And it needs a rail for bicycles.")
    seen: list[bool] = []
    cursor = ""
    for _ in range(3):
        page = client.get(f"{THREADS}?limit=1{cursor}").json
        seen += [thread["demoted"] for thread in page["threads"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert seen == [False, False, True]


def test_a_withdrawn_comment_leaves_its_replies_standing(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    top = ann.published("I regret this one.")
    bob.published("I do not.", parent_id=top["id"])
    assert client.delete(f"/api/v1/comments/{top['id']}", headers=ann.headers).status_code == 200
    thread = client.get(THREADS).json["threads"][0]
    assert thread["html"] is None
    assert thread["author"] is None
    assert len(thread["replies"]) == 1


def test_an_edit_is_a_new_revision_that_is_checked_again(
    client: FlaskClient, ctx: Context, ann: Reader
) -> None:
    comment = ann.published("The fery is late.")
    path = f"/api/v1/comments/{comment['id']}"
    answer = client.patch(
        path, json={"body": "The ferry is late.", "revision": 1}, headers=ann.headers
    )
    assert (answer.status_code, answer.json["status"]) == (202, "pending")
    score_comments(ctx, FixedEngine())
    assert ann.get(f"/comments/{comment['id']}").json["revision"] == 2
    stale = client.patch(path, json={"body": "Third.", "revision": 1}, headers=ann.headers)
    assert (stale.status_code, stale.json["code"]) == (409, "stale_revision")


def test_nobody_edits_or_withdraws_somebody_elses_comment(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    comment = ann.published("Mine.")
    path = f"/api/v1/comments/{comment['id']}"
    assert client.patch(path, json={"body": "His."}, headers=bob.headers).status_code == 403
    assert client.delete(path, headers=bob.headers).status_code == 403
    assert client.patch(path, json={"body": "Nobody's."}).status_code == 401


def test_the_same_idempotency_key_posts_once(
    client: FlaskClient, ctx: Context, ann: Reader
) -> None:
    headers = ann.headers | {"Idempotency-Key": "a-key"}
    answers = [client.post(THREADS, json={"body": "Once."}, headers=headers) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert stored(ctx) == 1
    other = client.post(THREADS, json={"body": "Another."}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def test_saying_the_same_twice_is_a_conflict(ann: Reader) -> None:
    ann.post("I have said it before.")
    again = ann.post("I have said it BEFORE!")
    assert (again.status_code, again.json["code"]) == (409, "repeat")


def test_a_closed_article_takes_no_comments(
    client: FlaskClient, ctx: Context, ann: Reader, publisher: dict[str, str]
) -> None:
    client.put("/api/v1/articles/harbour-bridge", json={"mode": "closed"}, headers=publisher)
    answer = ann.post("Too late?")
    assert (answer.status_code, answer.json["code"]) == (409, "article_closed")
    assert stored(ctx) == 0


def test_a_parent_of_another_article_is_refused(make: Makers, site: Site, ann: Reader) -> None:
    other: Article = make.article(site, key="other")
    elsewhere = ann.published("Under another article.", article=other.key)
    answer = ann.post("A reply gone astray.", parent_id=elsewhere["id"])
    assert answer.status_code == 422
    assert "parent_id" in answer.json["errors"]


def test_replies_nest_only_so_deep(client: FlaskClient, ctx: Context, ann: Reader) -> None:
    parent = ann.published("Level 0.")
    for level in range(1, ctx.limits.reply_depth_max + 1):
        reader = Reader(client, ctx, f"reader-{level}")
        parent = reader.published(f"Level {level}.", parent_id=parent["id"])
    answer = ann.post("One too deep.", parent_id=parent["id"])
    assert "parent_id" in answer.json["errors"]


@pytest.mark.parametrize(
    ("json", "field"),
    [
        ({}, "body"),
        ({"body": ""}, "body"),
        ({"body": "x" * 5_001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "a\ud800b"}, "body"),
        ({"body": 7}, "body"),
        ({"body": None}, "body"),
        ({"body": [[["deep"]]]}, "body"),
        ({"body": "ok", "colour": "red"}, "colour"),
        ({"body": "ok", "parent_id": "not-an-id"}, "parent_id"),
        ({"body": "ok", "parent_id": str(uuid4())}, "parent_id"),
    ],
)
def test_a_bad_comment_is_refused_by_field_and_nothing_is_stored(
    client: FlaskClient, ctx: Context, ann: Reader, json: dict[str, object], field: str
) -> None:
    raw = dumps(json)  # the standard library's, which writes lone surrogates as escapes
    answer = client.post(THREADS, data=raw, headers=ann.headers, content_type="application/json")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert field in answer.json["errors"]
    assert stored(ctx) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"body": "\xff\xfe"}',  # invalid UTF-8
        b'{"body":' * 100 + b"1" + b"}" * 100,  # 100 levels of nesting
        b"[" * 100_000,
        b'"text"',
        b"[]",
    ],
)
def test_what_is_not_a_json_object_is_a_problem(
    client: FlaskClient, ctx: Context, ann: Reader, raw: bytes
) -> None:
    answer = client.post(THREADS, data=raw, headers=ann.headers, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer.content_type == "application/problem+json"
    assert stored(ctx) == 0


@pytest.mark.parametrize(
    "token",
    [
        reader_token(secret="another publisher's secret, also long enough"),
        reader_token(site="another-site"),
        "eyJhbGciOiJub25lIn0.eyJ1c2VyIjp7ImlkIjoiMSIsInVzZXJuYW1lIjoiYSJ9fQ.",
        "not-a-token",
        "pk_" + "x" * 43,
        "",
    ],
)
def test_a_token_that_does_not_hold_posts_nothing(
    client: FlaskClient, ctx: Context, token: str
) -> None:
    answer = client.post(THREADS, json={"body": "Let me in."}, headers=bearer(token))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert stored(ctx) == 0


def test_own_comments_are_listed_with_their_outcome(ann: Reader, bob: Reader) -> None:
    ann.published("Mine, and public.")
    bob.published("His.")
    found = ann.get("/me/comments").json["comments"]
    assert [comment["body"] for comment in found] == ["Mine, and public."]
    assert found[0]["outcome"]["explanation"] == "Your comment is public."
