"""One request id from HTTP through the queue to the line that says what was decided."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.adapters.correlation import (
    REQUEST_HEADER,
    current_request_id,
    message_headers,
    take_up,
)
from service.adapters.logging import bind_context, bound, clear_context, configure_logging
from service.models import Event, Site
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers, bearer, reader_token
from workers.bench.running_stack import RunningStack

SAID = "The ferry could sail until eleven on Fridays, when the hotels are full."
PATIENCE_SECONDS = 60


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What is bound to this thread's lines does not outlive a test."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    clear_context()
    yield
    clear_context()
    root.handlers = handlers
    root.setLevel(level)


def decisions(lines: str) -> list[Any]:
    parsed = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    return [line for line in parsed if line["event"] == "decision"]


def post(client: FlaskClient, article: str, body: str, **headers: str) -> Any:
    known = {**bearer(reader_token()), **headers}
    return client.post(f"/api/v1/articles/{article}/comments", json={"body": body}, headers=known)


def test_a_text_keeps_the_id_of_its_request_and_the_decision_names_it(
    client: FlaskClient, ctx: Context, make: Makers, site: Site
) -> None:
    article = make.article(site).key
    first = post(client, article, SAID, **{"X-Request-ID": "front-7f3a.1"})
    second = post(client, article, f"{SAID} Please.")
    stream = io.StringIO()
    configure_logging("info", stream)
    # As in a worker: the job came with the first request, and decides on both.
    take_up({REQUEST_HEADER: "front-7f3a.1"}, task="score_pending")
    score_comments(ctx, FixedEngine(toxicity=0.99))
    said = {line["comment_id"]: line for line in decisions(stream.getvalue())}
    assert said[first.json["id"]]["request_id"] == "front-7f3a.1"
    assert said[second.json["id"]]["request_id"] == second.headers["X-Request-ID"]
    line = said[first.json["id"]]
    assert (line["action"], line["status"], line["by"]) == ("hold", "held", "machine")
    assert "abuse-likely" in line["rules"]
    assert line["policy"] == ctx.policy().version
    assert line["task"] == "score_pending"
    assert "ferry" not in stream.getvalue().lower()


def test_an_edit_carries_the_id_of_its_own_request(
    client: FlaskClient, ctx: Context, make: Makers, site: Site
) -> None:
    comment = post(client, make.article(site).key, SAID, **{"X-Request-ID": "posting"}).json["id"]
    client.patch(
        f"/api/v1/comments/{comment}",
        json={"body": f"{SAID} Or twelve."},
        headers={**bearer(reader_token()), "X-Request-ID": "editing"},
    )
    stream = io.StringIO()
    configure_logging("info", stream)
    score_comments(ctx, FixedEngine())
    (line,) = decisions(stream.getvalue())
    assert (line["revision"], line["request_id"]) == (2, "editing")


@pytest.mark.parametrize("given", ["Mary Byrne", "mary@home.example", "a/b", "\u00e9"])
def test_what_is_no_id_is_not_kept_in_the_log_that_is_kept_for_ever(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, given: str
) -> None:
    answer = post(client, make.article(site).key, SAID, **{"X-Request-ID": given})
    with ctx.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "comment.posted")).one()
    kept = event.data.get("request")
    assert kept != given
    assert kept in (None, answer.headers["X-Request-ID"])


def test_a_job_carries_the_request_it_comes_from() -> None:
    assert message_headers() == {}
    assert current_request_id() is None
    bind_context(request_id="r-1")
    headers = message_headers()
    assert headers == {REQUEST_HEADER: "r-1"}
    clear_context()
    bind_context(request_id="older", route="somewhere")
    take_up(headers, task="sweep")
    assert (bound("request_id"), bound("task"), bound("route")) == ("r-1", "sweep", None)
    take_up({}, task="sweep")
    assert bound("request_id") is None


def test_one_id_is_found_in_the_logs_of_api_and_worker(stack: RunningStack) -> None:
    token = stack.call("POST", "/demo/token?site=demo", body={"name": "Walker"}).json["token"]
    headers = {"X-Request-ID": f"walk-{time.time_ns()}"}
    comments = "/api/v1/articles/saturday-market/comments"
    posted = stack.call("POST", comments, token=token, body={"body": SAID}, headers=headers)
    assert posted.status == 202
    end = time.monotonic() + PATIENCE_SECONDS
    log = stack.data / "log" / "worker-scoring.log"
    found: list[Any] = []
    while not found and time.monotonic() < end:
        lines = decisions(log.read_text("utf-8"))
        found = [line for line in lines if line["comment_id"] == posted.json["id"]]
        time.sleep(0.2)
    assert [line["request_id"] for line in found] == [headers["X-Request-ID"]]
    assert found[0]["task"] == "score_pending"
    assert headers["X-Request-ID"] in (stack.data / "log" / "api.log").read_text("utf-8")
    assert SAID not in log.read_text("utf-8")
