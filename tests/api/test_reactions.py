"""Reactions over HTTP; after every flow the counts equal the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from service.domain.sanction import SanctionKind
from service.models import Article, Comment, Reaction, Site
from service.models import Reader as ReaderRow
from service.usecases.context import Context
from service.usecases.sanction_reader import sanction_reader
from tests.api.conftest import Reader
from tests.counted import check_counts
from tests.makers import Makers, bearer, reader_token
from tests.usecases.breaches import remove, signed_in

THREADS = "/api/v1/articles/harbour-bridge/comments"


@pytest.fixture(autouse=True)
def counted(ctx: Context, article: Article) -> Iterator[None]:
    yield
    check_counts(ctx)


@pytest.fixture
def cleo(client: FlaskClient, ctx: Context) -> Reader:
    return Reader(client, ctx, "cleo")


def place(comment: Any, kind: str = "respect") -> str:
    return f"/api/v1/comments/{comment['id']}/reactions/{kind}"


def give(client: FlaskClient, reader: Reader, comment: Any, kind: str = "respect") -> Any:
    return client.put(place(comment, kind), headers=reader.headers)


def take(client: FlaskClient, reader: Reader, comment: Any, kind: str = "respect") -> Any:
    return client.delete(place(comment, kind), headers=reader.headers)


def rows(ctx: Context) -> int:
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(Reaction)) or 0


def row_of(ctx: Context, comment: Any) -> Comment:
    with ctx.reading() as session:
        return session.get_one(Comment, comment["id"])


def reader_row(ctx: Context, name: str) -> ReaderRow:
    with ctx.reading() as session:
        return session.scalars(select(ReaderRow).where(ReaderRow.external_id == name)).one()


def test_a_reaction_counts_once_and_shows_on_the_public_comment(
    client: FlaskClient, ann: Reader, bob: Reader, cleo: Reader
) -> None:
    comment = ann.published("The ferry was on time.")
    assert give(client, bob, comment).json == {"reactions": {"respect": 1}}
    assert give(client, bob, comment).json == {"reactions": {"respect": 1}}
    assert give(client, cleo, comment).json == {"reactions": {"respect": 2}}
    thread = client.get(THREADS).json["threads"][0]
    assert thread["reactions"] == {"respect": 2}
    assert ann.get(f"/comments/{comment['id']}").json["reactions"] == {"respect": 2}
    assert bob.get(f"/comments/{comment['id']}").json["reactions"] == {"respect": 2}


def test_a_reaction_is_taken_back_once(
    client: FlaskClient, ann: Reader, bob: Reader, cleo: Reader
) -> None:
    comment = ann.published("The ferry was late.")
    give(client, bob, comment)
    give(client, cleo, comment)
    for _ in range(2):
        answer = take(client, bob, comment)
        assert (answer.status_code, answer.json) == (200, {"reactions": {"respect": 1}})


def test_a_reply_has_counts_of_its_own(
    client: FlaskClient, ann: Reader, bob: Reader, cleo: Reader
) -> None:
    top = ann.published("Who takes the ferry?")
    reply = bob.published("I do, daily.", parent_id=top["id"])
    give(client, cleo, reply)
    thread = client.get(THREADS).json["threads"][0]
    assert thread["reactions"] == {"respect": 0}
    assert thread["replies"][0]["reactions"] == {"respect": 1}
    listed = client.get(f"/api/v1/comments/{top['id']}/replies").json["replies"]
    assert listed[0]["reactions"] == {"respect": 1}


@pytest.mark.parametrize("kind", ["love", "Respect", "x" * 500, "%00", "r%C3%A9"])
def test_a_kind_the_site_does_not_offer_is_named_with_those_it_does(
    client: FlaskClient, ann: Reader, bob: Reader, kind: str
) -> None:
    comment = ann.published("The ferry is full.")
    for answer in (give(client, bob, comment, kind), take(client, bob, comment, kind)):
        assert answer.status_code == 422
        assert "it offers: respect" in answer.json["errors"]["kind"][0]


def test_ones_own_comment_takes_no_reaction_of_ones_own(client: FlaskClient, ann: Reader) -> None:
    answer = give(client, ann, ann.published("I am rather good."))
    assert (answer.status_code, answer.json["code"]) == (409, "own_comment")


def test_only_public_comments_of_the_site_take_reactions(
    client: FlaskClient, make: Makers, ann: Reader, bob: Reader
) -> None:
    elsewhere = make.site("other")
    foreign = make.published(make.article(elsewhere), make.reader(elsewhere))
    pending = ann.post("Not checked yet.").json
    for comment in (pending, {"id": foreign.id}, {"id": uuid4()}):
        for answer in (give(client, bob, comment), take(client, bob, comment)):
            assert (answer.status_code, answer.json["code"]) == (404, "comment_not_found")


def test_without_a_credential_there_is_no_reaction(client: FlaskClient, ann: Reader) -> None:
    comment = ann.published("Anybody there?")
    assert client.put(place(comment)).status_code == 401


def test_a_guest_reacts_too(client: FlaskClient, make: Makers) -> None:
    site = make.site("paper", guests_allowed=True)
    comment = make.published(make.article(site), make.reader(site))
    token = client.post("/api/v1/guests?site=paper", json={"username": "Eve"}).json["token"]
    answer = client.put(f"{place({'id': comment.id})}?site=paper", headers=bearer(token))
    assert answer.json == {"reactions": {"respect": 1}}


def test_a_suspended_reader_gives_none_but_may_take_back(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, ann: Reader, bob: Reader
) -> None:
    comment = ann.published("The ferry is back.")
    give(client, bob, comment)
    sanction_reader(
        ctx,
        site_id=site.id,
        reader_id=reader_row(ctx, "bob").id,
        moderator=signed_in(make, site),
        kind=SanctionKind.SUSPEND,
        guideline="civil",
        days=3,
    )
    answer = give(client, bob, comment)
    assert (answer.status_code, answer.json["code"]) == (403, "reader_suspended")
    assert take(client, bob, comment).json == {"reactions": {"respect": 0}}


def test_a_withdrawn_or_removed_comment_keeps_its_rows(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, ann: Reader, bob: Reader
) -> None:
    first, second = ann.published("One thing."), ann.published("Another thing.")
    give(client, bob, first)
    give(client, bob, second)
    client.delete(f"/api/v1/comments/{first['id']}", headers=ann.headers)
    remove(ctx, row_of(ctx, second), signed_in(make, site))
    assert rows(ctx) == 2
    assert give(client, bob, first).status_code == 404
    assert take(client, bob, second).json == {"reactions": {"respect": 0}}
    assert rows(ctx) == 1


def test_a_thread_that_is_gone_shows_no_counts(
    client: FlaskClient, ann: Reader, bob: Reader
) -> None:
    top = ann.published("Soon withdrawn.")
    ann.published("It stays.", parent_id=top["id"])
    give(client, bob, top)
    client.delete(f"/api/v1/comments/{top['id']}", headers=ann.headers)
    assert client.get(THREADS).json["threads"][0]["reactions"] == {}


def test_a_site_chooses_its_kinds(client: FlaskClient, make: Makers) -> None:
    site = make.site("paper", reactions=["respect", "well_put"])
    comment = {"id": make.published(make.article(site), make.reader(site)).id}
    headers = bearer(reader_token("bob"))
    client.put(f"{place(comment)}?site=paper", headers=headers)
    answer = client.put(f"{place(comment, 'well_put')}?site=paper", headers=headers)
    assert answer.json == {"reactions": {"respect": 1, "well_put": 1}}


def test_a_kind_no_longer_offered_is_not_shown_and_can_be_taken_back(
    client: FlaskClient, ctx: Context, site: Site, ann: Reader, bob: Reader
) -> None:
    comment = ann.published("Kinds come and go.")
    give(client, bob, comment)
    with ctx.transaction() as tx:
        tx.session.get_one(Site, site.id).reactions = ["agree"]
    assert client.get(THREADS).json["threads"][0]["reactions"] == {"agree": 0}
    assert give(client, bob, comment).status_code == 422
    assert take(client, bob, comment).status_code == 200
    assert rows(ctx) == 0


def test_erasure_takes_ones_reactions_and_the_counts_follow(
    client: FlaskClient, ctx: Context, ann: Reader, bob: Reader, cleo: Reader
) -> None:
    top = ann.published("A thread.")
    reply = bob.published("With a reply.", parent_id=top["id"])
    for reader, comment in ((bob, top), (cleo, top), (cleo, reply)):
        give(client, reader, comment)
    assert client.delete("/api/v1/me", headers=bob.headers).status_code == 200
    assert client.get(THREADS).json["threads"][0]["reactions"] == {"respect": 1}
    assert rows(ctx) == 2


def test_ones_reactions_are_in_the_export(client: FlaskClient, ann: Reader, bob: Reader) -> None:
    comment = ann.published("Take it with you.")
    give(client, bob, comment)
    [row] = bob.get("/me/export").json["reactions"]
    assert (row["comment_id"], row["kind"]) == (comment["id"], "respect")
    assert ann.get("/me/export").json["reactions"] == []
