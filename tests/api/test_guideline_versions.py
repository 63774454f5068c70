"""Guideline versions over HTTP: who may, what is refused, what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api import guideline_versions
from service.domain.identity import Role
from service.models import Site
from service.usecases.context import Context
from service.usecases.record_policy import record_policy
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers, ModeratorMade, bearer, reader_token
from tests.usecases.guideline_texts import STRICT, WITH_LIST, guidelines_for

API = "/api/v1/guidelines"


@pytest.fixture
def lead(make: Makers, site: Site) -> ModeratorMade:
    return make.moderator(site, "lee", role=Role.LEAD)


@pytest.fixture
def moderator(make: Makers, site: Site) -> ModeratorMade:
    return make.moderator(site)


def put(client: FlaskClient, who: ModeratorMade, *changes: tuple[str, str], **fields: Any) -> Any:
    body = {"source": guidelines_for("demo", *changes), "note": "a test", **fields}
    return client.put(API, json=body, headers=who.headers)


def test_a_lead_puts_a_file_in_force_and_everybody_may_read_it(
    client: FlaskClient, lead: ModeratorMade, moderator: ModeratorMade
) -> None:
    answer = put(client, lead, *WITH_LIST, lists={"lists/hosts.txt": "bad.example"})
    assert answer.status_code == 200
    version = answer.json["version"]
    listed = client.get(f"{API}/versions", headers=moderator.headers).json
    assert listed["in_force"] == version
    assert listed["problem"] is None
    (first,) = [row for row in listed["versions"] if row["active"]]
    assert first["version"] == version
    assert first["activations"][0]["moderator"] == "lee"
    assert first["activations"][0]["note"] == "a test"
    shown = client.get(f"{API}/versions/{version}", headers=moderator.headers).json
    assert shown["lists"] == {"lists/hosts.txt": "bad.example"}
    assert shown["source"].startswith("apiVersion: parley/v1")
    assert client.get(API).json["version"] == version


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "", {"source": "x", "note": "x"}),
        ("POST", "/check", {"source": "x"}),
        ("POST", "/backtest", {"source": "x"}),
        ("POST", "/rollback", {"note": "x"}),
    ],
)
def test_only_leads_may_change_and_try(
    client: FlaskClient, moderator: ModeratorMade, method: str, path: str, body: dict[str, str]
) -> None:
    answer = client.open(API + path, method=method, json=body, headers=moderator.headers)
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


def test_a_reader_may_not_even_look(client: FlaskClient) -> None:
    assert client.get(f"{API}/versions").status_code == 401


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"source": "rules: ["}, "source", "guidelines:2:1: not YAML"),
        ({"source": 3}, "source", "Not a valid string"),
        ({"note": ""}, "note", "Length must be"),
        ({"lists": {"other.txt": "x"}}, "lists", "not named"),
        ({"lists": ["x"]}, "lists", "mapping"),
        ({"expect_version": "now"}, "expect_version", "Is not a version"),
        ({"source": guidelines_for("paper")}, "source", "must be 'demo'"),
        ({"more": 1}, "more", "Unknown"),
    ],
)
def test_a_bad_file_is_a_problem_that_names_the_field_and_line(
    client: FlaskClient, lead: ModeratorMade, fields: dict[str, Any], field: str, says: str
) -> None:
    answer = put(client, lead, **fields)
    assert answer.status_code == 422
    assert says in str(answer.json["errors"][field])


def test_every_fault_of_a_file_is_said_with_its_line(
    client: FlaskClient, lead: ModeratorMade
) -> None:
    answer = put(client, lead, ("weight: 5", "weight: x"), ("expect: match", "expect: unknown"))
    lines = answer.json["errors"]["source"]
    assert [line.partition(": ")[0] for line in lines] == ["guidelines:6", "guidelines:42"]


def test_a_stale_version_is_a_conflict(client: FlaskClient, lead: ModeratorMade) -> None:
    first = put(client, lead).json["version"]
    put(client, lead, *STRICT, expect_version=first)
    answer = put(client, lead, ("weight: 5", "weight: 6"), expect_version=first)
    assert (answer.status_code, answer.json["code"]) == (409, "version_stale")


def test_a_check_says_what_a_file_is_and_keeps_nothing(
    client: FlaskClient, lead: ModeratorMade
) -> None:
    good = client.post(
        f"{API}/check", json={"source": guidelines_for("demo")}, headers=lead.headers
    )
    assert good.json["usable"] is True
    assert (good.json["rules"], good.json["tests"]) == (1, 2)
    bad = client.post(f"{API}/check", json={"source": "a: b"}, headers=lead.headers)
    assert bad.status_code == 200
    assert bad.json["usable"] is False
    assert bad.json["problems"]["source"]
    listed = client.get(f"{API}/versions", headers=lead.headers).json["versions"]
    assert good.json["version"] not in [row["version"] for row in listed]


def test_a_roll_back_names_what_is_in_force_again(client: FlaskClient, lead: ModeratorMade) -> None:
    first = put(client, lead).json["version"]
    put(client, lead, *STRICT)
    back = client.post(f"{API}/rollback", json={"note": "too strict"}, headers=lead.headers)
    assert (back.status_code, back.json["version"]) == (200, first)
    again = {"note": "x", "to_version": first}
    answer = client.post(f"{API}/rollback", json=again, headers=lead.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "version_in_force")
    unknown = {"note": "x", "to_version": "0" * 12}
    answer = client.post(f"{API}/rollback", json=unknown, headers=lead.headers)
    assert answer.status_code == 404


def test_versions_come_in_pages_newest_first(
    ctx: Context, client: FlaskClient, lead: ModeratorMade
) -> None:
    record_policy(ctx)
    made = [put(client, lead, ("weight: 5", f"weight: {n}")).json["version"] for n in (6, 7, 8)]
    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        query = f"?limit=2&cursor={cursor}" if cursor else "?limit=2"
        page = client.get(f"{API}/versions{query}", headers=lead.headers).json
        seen += [row["version"] for row in page["versions"]]
        cursor = page["next_cursor"]
    assert seen == [*reversed(made), ctx.policy().version]


def test_another_sites_versions_are_not_seen(
    client: FlaskClient, make: Makers, lead: ModeratorMade
) -> None:
    version = put(client, lead).json["version"]
    stranger = make.moderator(make.site("other"), role=Role.LEAD)
    listed = client.get(f"{API}/versions", headers=stranger.headers).json
    assert version not in [row["version"] for row in listed["versions"]]
    shown = client.get(f"{API}/versions/{version}", headers=stranger.headers)
    assert shown.status_code == 404
    cursor = client.get(f"{API}/versions?cursor={version}", headers=stranger.headers)
    assert cursor.status_code == 422


def test_a_backtest_shows_changes_with_their_texts(
    ctx: Context, client: FlaskClient, make: Makers, site: Site, lead: ModeratorMade
) -> None:
    put(client, lead)
    comment = make.comment(make.article(site), make.reader(site), body="Quite a rude remark.")
    score_comments(ctx, FixedEngine(toxicity=0.3))
    body = {"source": guidelines_for("demo", *STRICT), "limit": 100, "examples": 5}
    found = client.post(f"{API}/backtest", json=body, headers=lead.headers).json
    assert (found["comments"], found["changed"], found["complete"]) == (1, 1, True)
    assert found["confusion"] == [{"before": "publish", "after": "hold", "count": 1}]
    assert found["rules"][0]["rule"] == "abuse"
    assert found["people_after"]["precision"] is None
    (example,) = found["examples"]
    assert example["comment_id"] == str(comment.id)
    assert example["excerpt"] == "Quite a rude remark."
    assert make.reload(comment).status == "published"


@pytest.mark.parametrize("fields", [{"limit": 0}, {"limit": 100_001}, {"examples": 51}])
def test_a_backtest_has_bounds(
    client: FlaskClient, lead: ModeratorMade, fields: dict[str, int]
) -> None:
    body = {"source": guidelines_for("demo"), **fields}
    answer = client.post(f"{API}/backtest", json=body, headers=lead.headers)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == set(fields)


def test_a_second_backtest_at_the_same_time_is_asked_to_wait(
    client: FlaskClient, lead: ModeratorMade
) -> None:
    with guideline_versions.one_at_a_time():
        body = {"source": guidelines_for("demo")}
        answer = client.post(f"{API}/backtest", json=body, headers=lead.headers)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "20"


def test_rules_in_shadow_are_counted_for_every_moderator(
    ctx: Context, client: FlaskClient, make: Makers, site: Site, lead: ModeratorMade
) -> None:
    put(client, lead, *STRICT, ("mode: enforce", "mode: shadow"))
    make.comment(make.article(site), make.reader(site))
    score_comments(ctx, FixedEngine(toxicity=0.3))
    (rule,) = client.get(f"{API}/shadow?days=1", headers=lead.headers).json["rules"]
    assert (rule["rule"], rule["matched"]) == ("abuse", 1)
    assert rule["changes"] == [{"before": "publish", "after": "hold", "count": 1}]
    assert client.get(f"{API}/shadow?days=0", headers=lead.headers).status_code == 422


def test_a_comment_is_explained_by_the_words_it_was_decided_by(
    ctx: Context, client: FlaskClient, make: Makers, site: Site, lead: ModeratorMade
) -> None:
    make.article(site, key="ferry")
    put(client, lead, *STRICT)
    ann = bearer(reader_token("ann"))
    posted = client.post(
        "/api/v1/articles/ferry/comments", json={"body": "Quite a rude remark."}, headers=ann
    ).json
    score_comments(ctx, FixedEngine(toxicity=0.3))
    held = client.get(f"/api/v1/comments/{posted['id']}", headers=ann).json["outcome"]
    assert held["guideline"]["title"] == "Be civil"
    put(client, lead, ("{en: Be civil}", "{en: Be kind}"))
    assert client.get(f"/api/v1/comments/{posted['id']}", headers=ann).json["outcome"] == held
