"""The log over HTTP: filters, pages, CSV, and whose it is."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain.identity import Role
from service.models import Article, Site
from service.queries import event_log
from tests.api.conftest import Reader
from tests.makers import Makers

LOG = "/api/v1/moderation/log"


@pytest.fixture
def moderator(make: Makers, site: Site) -> dict[str, str]:
    return make.moderator(site).headers


@pytest.fixture
def comment(article: Article, ann: Reader) -> Any:
    return ann.published("The harbour bridge needs a lane for bicycles.")


def kinds(answer: Any) -> list[str]:
    return [event["kind"] for event in answer.json["events"]]


def test_the_log_is_read_newest_first(
    client: FlaskClient, comment: Any, moderator: dict[str, str]
) -> None:
    events = client.get(LOG, headers=moderator).json["events"]
    assert [e["kind"] for e in events][:2] == ["comment.published", "comment.posted"]
    assert [e["id"] for e in events] == sorted((e["id"] for e in events), reverse=True)


def test_pages_follow_each_other_without_gap_or_repeat(
    client: FlaskClient, comment: Any, ann: Reader, moderator: dict[str, str]
) -> None:
    ann.published("And a lane for wheelchairs.")
    whole = [e["id"] for e in client.get(LOG, headers=moderator).json["events"]]
    pages, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get(LOG, query_string=query, headers=moderator).json
        pages += [e["id"] for e in page["events"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == whole


def test_each_filter_narrows_the_log(
    client: FlaskClient, comment: Any, bob: Reader, moderator: dict[str, str]
) -> None:
    other = bob.published("I walk over it every day.")
    events = client.get(LOG, headers=moderator).json["events"]
    mine = [e for e in events if e["comment_id"] == comment["id"]]
    for query, expected in (
        ({"comment": comment["id"]}, mine),
        ({"reader": comment["author"]["id"]}, mine),
        ({"article": mine[0]["article_id"]}, [e for e in events if e["article_id"]]),
        ({"kind": "comment.posted"}, [e for e in events if e["kind"] == "comment.posted"]),
        ({"kind": "comment."}, [e for e in events if e["kind"].startswith("comment.")]),
        (
            {"moderator": other["author"]["id"]},
            [e for e in events if e["actor_id"] == other["author"]["id"]],
        ),
        ({"from": "2000-01-01T00:00:00Z", "to": "2001-01-01T00:00:00Z"}, []),
        ({"from": "2000-01-01T00:00:00Z"}, events),
    ):
        assert client.get(LOG, query_string=query, headers=moderator).json["events"] == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"kind": "Robert'); DROP TABLE event;--"}, "kind"),
        ({"comment": "17"}, "comment"),
        ({"from": "yesterday"}, "from"),
        ({"cursor": "-1"}, "cursor"),
        ({"cursor": "99999999999999999999"}, "cursor"),
        ({"format": "xml"}, "format"),
        ({"limit": 1000}, "limit"),
    ],
)
def test_a_wrong_filter_is_named(
    client: FlaskClient, moderator: dict[str, str], query: dict[str, str], field: str
) -> None:
    answer = client.get(LOG, query_string=query, headers=moderator)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_the_log_comes_as_csv_with_the_same_rows(
    client: FlaskClient, comment: Any, moderator: dict[str, str]
) -> None:
    answer = client.get(LOG, query_string={"format": "csv"}, headers=moderator)
    assert answer.content_type.startswith("text/csv")
    assert answer.text.split("\n", 1)[0].endswith("data\r")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    events = client.get(LOG, headers=moderator).json["events"]
    assert [(int(r["id"]), r["kind"]) for r in rows] == [(e["id"], e["kind"]) for e in events]


def test_a_csv_file_stops_at_its_cap_and_is_read_in_batches(
    client: FlaskClient,
    comment: Any,
    ann: Reader,
    moderator: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann.published("One more word on the bridge.")
    monkeypatch.setattr(event_log, "EXPORT_BATCH", 1)
    monkeypatch.setattr(event_log, "EXPORT_MOST", 3)
    answer = client.get(LOG, query_string={"format": "csv"}, headers=moderator)
    assert answer.text.count("\r\n") == 1 + 3


def test_a_site_sees_its_own_log_only_and_readers_see_none(
    client: FlaskClient, make: Makers, comment: Any, ann: Reader
) -> None:
    foreign = make.moderator(make.site("other"), role=Role.ADMIN).headers
    assert "comment.posted" not in kinds(client.get(LOG, headers=foreign))
    assert client.get(LOG, headers=ann.headers).status_code == 403
    assert client.get(LOG).status_code == 401
