"""A reader's own view over HTTP: mutes, promotions, hidden comments; nobody else's page changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.models import Article, Mute, Site
from service.usecases import own_lists
from service.usecases.context import Context
from tests.api.conftest import Reader
from tests.makers import Makers

THREADS = "/api/v1/articles/harbour-bridge/comments"
LISTS = ("mutes", "promoted")
NAMED = {"mutes": "muted", "promoted": "promoted"}

pytestmark = pytest.mark.usefixtures("article")


def put(client: FlaskClient, reader: Reader, path: str) -> Any:
    return client.put(f"/api/v1/me/{path}", headers=reader.headers)


def delete(client: FlaskClient, reader: Reader, path: str) -> Any:
    return client.delete(f"/api/v1/me/{path}", headers=reader.headers)


def view(reader: Reader, article: str = "harbour-bridge") -> Any:
    return reader.get(f"/me/view?article={article}").json


def id_of(reader: Reader) -> str:
    return str(reader.get("/me").json["id"])


@pytest.mark.parametrize("name", LISTS)
def test_a_reader_is_put_on_a_list_and_taken_off_again(
    client: FlaskClient, ann: Reader, bob: Reader, name: str
) -> None:
    other = id_of(bob)
    for _ in range(2):
        assert put(client, ann, f"{name}/{other}").status_code == 204
    assert view(ann)[NAMED[name]] == [other]
    assert [r["username"] for r in ann.get(f"/me/{name}").json["readers"]] == ["Bob"]
    for _ in range(2):
        assert delete(client, ann, f"{name}/{other}").status_code == 204
    assert view(ann)[NAMED[name]] == []
    assert ann.get(f"/me/{name}").json == {"readers": []}


def test_who_is_muted_is_no_longer_promoted_and_the_other_way_round(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    other = id_of(bob)
    put(client, ann, f"promoted/{other}")
    put(client, ann, f"mutes/{other}")
    assert (view(ann)["muted"], view(ann)["promoted"]) == ([other], [])
    put(client, ann, f"promoted/{other}")
    assert (view(ann)["muted"], view(ann)["promoted"]) == ([], [other])


@pytest.mark.parametrize("name", LISTS)
def test_oneself_strangers_and_readers_of_other_sites_are_refused(
    client: FlaskClient, make: Makers, ann: Reader, name: str
) -> None:
    answer = put(client, ann, f"{name}/{id_of(ann)}")
    assert (answer.status_code, answer.json["code"]) == (409, "oneself")
    foreign = make.reader(make.site("other"))
    for target in (foreign.id, uuid4()):
        answer = put(client, ann, f"{name}/{target}")
        assert (answer.status_code, answer.json["code"]) == (404, "reader_not_found")
    assert put(client, ann, f"{name}/not-an-id").status_code == 404


def test_a_full_list_takes_no_more_but_what_is_on_it(
    client: FlaskClient,
    make: Makers,
    site: Site,
    ann: Reader,
    bob: Reader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_lists, "LIST_MAX", 1)
    assert put(client, ann, f"mutes/{id_of(bob)}").status_code == 204
    answer = put(client, ann, f"mutes/{make.reader(site).id}")
    assert (answer.status_code, answer.json["code"]) == (409, "list_full")
    assert put(client, ann, f"mutes/{id_of(bob)}").status_code == 204


def test_a_hidden_comment_leaves_ones_own_view_only(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    comment = ann.published("Not everybody likes this.")
    before = client.get(THREADS).data
    assert put(client, bob, f"hidden/{comment['id']}").status_code == 204
    assert put(client, bob, f"hidden/{comment['id']}").status_code == 204
    assert view(bob)["hidden"] == [comment["id"]]
    assert view(ann)["hidden"] == []
    assert client.get(THREADS).data == before
    [seen] = bob.get("/me/hidden").json["comments"]
    assert (seen["article_key"], seen["author"]["username"]) == ("harbour-bridge", "Ann")
    assert delete(client, bob, f"hidden/{comment['id']}").status_code == 204
    assert view(bob)["hidden"] == []


def test_a_hidden_comment_that_is_gone_names_nobody(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    comment = ann.published("Soon gone.")
    put(client, bob, f"hidden/{comment['id']}")
    client.delete(f"/api/v1/comments/{comment['id']}", headers=ann.headers)
    assert bob.get("/me/hidden").json["comments"][0]["author"] is None


def test_only_public_comments_of_others_on_the_site_can_be_hidden(
    client: FlaskClient, make: Makers, ann: Reader, bob: Reader
) -> None:
    elsewhere = make.site("other")
    foreign = make.published(make.article(elsewhere), make.reader(elsewhere))
    own = ann.published("My own.")
    pending = ann.post("Not checked yet.").json
    assert put(client, ann, f"hidden/{own['id']}").json["code"] == "own_comment"
    for target in (pending["id"], foreign.id, uuid4()):
        answer = put(client, bob, f"hidden/{target}")
        assert (answer.status_code, answer.json["code"]) == (404, "comment_not_found")


def test_the_view_tells_of_one_article_only(
    client: FlaskClient, make: Makers, site: Site, ann: Reader, bob: Reader
) -> None:
    make.article(site, key="swans")
    here, there = ann.published("On the bridge."), ann.published("On swans.", article="swans")
    for comment in (here, there):
        put(client, bob, f"hidden/{comment['id']}")
        client.put(f"/api/v1/comments/{comment['id']}/reactions/respect", headers=bob.headers)
    for key, comment in (("harbour-bridge", here), ("swans", there)):
        seen = view(bob, key)
        assert seen["hidden"] == [comment["id"]]
        assert seen["reacted"] == {comment["id"]: ["respect"]}
    assert view(ann) == {"muted": [], "promoted": [], "hidden": [], "reacted": {}}


@pytest.mark.parametrize(
    ("query", "status"), [("", 422), ("?article=", 422), ("?article=nowhere", 404)]
)
def test_the_view_needs_an_article(ann: Reader, query: str, status: int) -> None:
    assert ann.get(f"/me/view{query}").status_code == status


@pytest.mark.parametrize("path", ["view?article=harbour-bridge", "mutes", "promoted", "hidden"])
def test_the_view_is_for_readers_only(client: FlaskClient, path: str) -> None:
    assert client.get(f"/api/v1/me/{path}").status_code == 401


def test_erasure_empties_ones_lists_and_leaves_those_of_others(
    client: FlaskClient, ctx: Context, ann: Reader, bob: Reader
) -> None:
    comment, others, leaving = ann.published("One of mine."), id_of(ann), id_of(bob)
    put(client, bob, f"mutes/{others}")
    put(client, bob, f"hidden/{comment['id']}")
    put(client, ann, f"mutes/{leaving}")
    client.delete("/api/v1/me", headers=bob.headers)
    assert muted_by(ctx) == {UUID(others): UUID(leaving)}
    assert ann.get("/me/mutes").json["readers"][0]["username"] == "erased"
    assert bob.get("/me/export").json["hidden_comments"] == []


def test_ones_lists_are_in_the_export(
    client: FlaskClient, article: Article, ann: Reader, bob: Reader
) -> None:
    comment = bob.published("One of Bob's.")
    put(client, ann, f"mutes/{id_of(bob)}")
    put(client, ann, f"hidden/{comment['id']}")
    data = ann.get("/me/export").json
    assert [row["muted_id"] for row in data["mutes"]] == [id_of(bob)]
    assert [row["comment_id"] for row in data["hidden_comments"]] == [comment["id"]]
    assert data["promotions"] == []


def muted_by(ctx: Context) -> dict[UUID, UUID]:
    with ctx.reading() as session:
        rows = session.execute(select(Mute.reader_id, Mute.muted_id))
        return {row.reader_id: row.muted_id for row in rows}
