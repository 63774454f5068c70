"""The orders of threads over HTTP, and cursors that belong to one of them."""

from __future__ import annotations

import base64
import math
import struct
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from service.models import Site
from service.usecases.context import Context
from tests.api.conftest import Reader
from tests.makers import Makers

THREADS = "/api/v1/articles/harbour-bridge/comments"
SOME = UUID("019302a4-5b1c-7000-8000-00000000002a")

pytestmark = pytest.mark.usefixtures("article")


def page(client: FlaskClient, sort: str, cursor: str | None = None, limit: int = 1) -> Any:
    query = f"?sort={sort}&limit={limit}" + (f"&cursor={cursor}" if cursor else "")
    return client.get(THREADS + query)


def walk(client: FlaskClient, sort: str) -> list[str]:
    seen, cursor = [], None
    while True:
        answer = page(client, sort, cursor).json
        seen += [thread["id"] for thread in answer["threads"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            return seen


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_top_puts_what_readers_respect_first(client: FlaskClient, ann: Reader, bob: Reader) -> None:
    liked, silent, newest = (ann.published(f"Comment {word}.")["id"] for word in "abc")
    client.put(f"/api/v1/comments/{liked}/reactions/respect", headers=bob.headers)
    assert walk(client, "newest") == [newest, silent, liked]
    assert walk(client, "top") == [liked, newest, silent]
    client.delete(f"/api/v1/comments/{liked}/reactions/respect", headers=bob.headers)
    assert walk(client, "top") == [newest, silent, liked]


def test_featured_puts_the_latest_picks_first(
    client: FlaskClient, make: Makers, site: Site, ann: Reader
) -> None:
    ids = [ann.published(f"Comment {word}.")["id"] for word in "abcd"]
    moderator = make.moderator(site)
    for picked in (ids[2], ids[0]):
        answer = client.put(f"/api/v1/comments/{picked}/featured", headers=moderator.headers)
        assert answer.status_code == 200
    assert walk(client, "featured") == [ids[0], ids[2], ids[3], ids[1]]


def test_a_cursor_belongs_to_its_order(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, ann: Reader
) -> None:
    ids = [ann.published(f"Comment {word}.")["id"] for word in "abc"]
    headers = make.moderator(site).headers
    client.put(f"/api/v1/comments/{ids[0]}/featured", headers=headers)
    cursors = {
        sort: page(client, sort).json["next_cursor"] for sort in ("newest", "top", "featured")
    }
    for sort, other in (
        ("newest", "top"),
        ("newest", "featured"),
        ("oldest", "top"),
        ("top", "newest"),
        ("top", "featured"),
        ("featured", "top"),
    ):
        answer = page(client, sort, cursors[other])
        assert answer.status_code == 422, (sort, other)
        assert answer.json["errors"] == {"cursor": ["Is not a cursor of this list."]}


def test_a_cursor_handed_out_before_there_were_more_orders_still_holds(
    client: FlaskClient,
) -> None:
    for demoted in (0, 1):
        old = text_of(SOME.bytes + bytes([demoted]))
        for sort in ("newest", "oldest"):
            assert page(client, sort, old).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        SOME.bytes + b"\x02",
        SOME.bytes + struct.pack(">d", math.nan) + b"\x02",
        SOME.bytes + struct.pack(">d", math.inf) + b"\x03",
        SOME.bytes + struct.pack(">d", 0.5) + b"\x05",
        SOME.bytes + struct.pack(">d", 0.5) + b"\x00",
        SOME.bytes + struct.pack(">q", 2**63 - 1) + b"\x04",
        SOME.bytes + struct.pack(">q", -(2**63)) + b"\x04",
        b"\x04",
        b"",
        b"\xff" * 25,
    ],
    ids=lambda raw: raw.hex()[32:] or "short",
)
@pytest.mark.parametrize("sort", ["newest", "top", "featured"])
def test_a_forged_cursor_is_named_as_such(client: FlaskClient, sort: str, raw: bytes) -> None:
    answer = client.get(f"{THREADS}?sort={sort}&cursor={text_of(raw)}")
    assert answer.status_code == 422
    assert "cursor" in answer.json["errors"]
