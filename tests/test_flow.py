"""DESIGN §3 walked through real HTTP, PostgreSQL, Redis and a real worker with the real models."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from workers.bench.running_stack import RunningStack

ARTICLE = "/api/v1/articles/harbour-bridge"
CIVIL = "The ferry is a fair idea, but how do people on the east side get home after ten at night?"
ABUSIVE = "You are a worthless idiot and everyone hates you, you disgusting piece of garbage."
ASTRAY = (
    "My favourite recipe for sourdough needs a warm kitchen, plenty of rye flour and a very "
    "patient baker who feeds the starter twice a day."
)
SPAM = "Buy cheap watches at http://best-deal.example and http://watch-shop.example today only"


def decided(stack: RunningStack, token: str, comment_id: str, seconds: float = 60) -> Any:
    """The comment as its author sees it, once it is no longer pending."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        comment = stack.call("GET", f"/api/v1/comments/{comment_id}", token=token).json
        if comment["status"] != "pending":
            return comment
        time.sleep(0.1)
    raise TimeoutError(f"comment {comment_id} was not decided within {seconds} s")


def post(stack: RunningStack, name: str, body: str, **fields: Any) -> tuple[str, Any]:
    token = stack.command("token", "reader", name)
    answer = stack.call("POST", f"{ARTICLE}/comments", token=token, body={"body": body, **fields})
    assert answer.status == 202, answer
    return token, answer.json


@pytest.mark.parametrize(
    ("name", "body", "statuses", "clause"),
    [
        ("cora", CIVIL, {"published"}, None),
        ("abel", ABUSIVE, {"held", "rejected"}, "civil"),
        ("asta", ASTRAY, {"published"}, "topic"),
        ("sven", SPAM, {"rejected"}, "spam"),
    ],
)
def test_four_comments_meet_four_explained_outcomes(
    stack: RunningStack, name: str, body: str, statuses: set[str], clause: str | None
) -> None:
    token, comment = post(stack, name, body)
    outcome = decided(stack, token, comment["id"])
    assert outcome["status"] in statuses
    guideline = outcome["outcome"]["guideline"]
    if clause is None:
        assert guideline is None
        return
    assert outcome["outcome"]["rules"]
    assert guideline["clause"] in outcome["outcome"]["explanation"]


def test_a_published_comment_can_be_read_by_anybody(stack: RunningStack) -> None:
    token, comment = post(stack, "nora", "Will the ferry carry prams as well as bicycles?")
    decided(stack, token, comment["id"])
    end = time.monotonic() + 10  # pages may be a few seconds old
    while time.monotonic() < end:
        page = stack.call("GET", f"{ARTICLE}/comments?limit=100").json
        if comment["id"] in {thread["id"] for thread in page["threads"]}:
            return
        time.sleep(0.2)
    pytest.fail("the comment never appeared in the thread")


def test_scores_name_their_models_and_the_nearest_passage(stack: RunningStack) -> None:
    token, comment = post(stack, "rita", "The council should publish what the new deck will cost.")
    decided(stack, token, comment["id"])
    engine = create_engine(stack.facts()["database_url"])
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT task, model, version, evidence FROM score WHERE comment_id = :id"),
            {"id": comment["id"]},
        ).all()
    engine.dispose()
    by_task = {row.task: row for row in rows}
    assert set(by_task) == {"toxicity", "relevance"}
    assert by_task["toxicity"].version
    assert "passage" in by_task["relevance"].evidence


def test_readiness_names_the_models_in_use(stack: RunningStack) -> None:
    answer = stack.call("GET", "/readyz")
    assert answer.status == 200
    assert set(answer.json["models"]) == {"toxicity", "relevance", "embedding"}


def test_posting_works_while_redis_is_silent(stack: RunningStack) -> None:
    import os
    import signal

    pid = stack.pid("valkey")
    assert pid is not None
    token = stack.command("token", "reader", "stella")
    os.kill(pid, signal.SIGSTOP)
    try:
        answer = stack.call(
            "POST",
            f"{ARTICLE}/comments",
            token=token,
            body={"body": "Does the last ferry wait for the last bus?"},
        )
    finally:
        os.kill(pid, signal.SIGCONT)
    assert answer.status == 202
    assert decided(stack, token, answer.json["id"])["status"] == "published"
