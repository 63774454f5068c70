"""An author is asked to think again and answers over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain.guideline import Policy
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.api.conftest import Reader
from tests.makers import FixedEngine, always
from tests.usecases.test_nudging import MarkingEngine, asking

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def asked(ctx: Context, policy: Policy, ann: Reader) -> Any:
    comment = ann.post("Hm. You have no clue, have you?").json
    score_comments(replace(ctx, policy=always(asking(policy))), MarkingEngine())
    return comment


def answer(client: FlaskClient, reader: Reader, comment: Any) -> Any:
    return client.post(
        f"/api/v1/comments/{comment['id']}/reconsideration", json={}, headers=reader.headers
    )


def test_the_author_sees_the_question_with_the_sentence_and_the_time(
    ann: Reader, asked: Any
) -> None:
    shown = ann.get(f"/comments/{asked['id']}").json
    assert shown["status"] == "pending"
    assert shown["outcome"]["action"] == "nudge"
    assert "once more" in shown["outcome"]["explanation"]
    question = shown["nudge"]
    assert question["guideline"] == shown["outcome"]["guideline"]["id"] == "civil"
    assert question["title"] in question["message"]
    assert question["sentences"] == [{"start": 4, "end": 23}]
    assert question["until"] == shown["editable_until"]


def test_the_list_of_ones_own_comments_shows_it_too(ann: Reader, asked: Any) -> None:
    listed = ann.get("/me/comments").json["comments"]
    assert listed[0]["nudge"]["guideline"] == "civil"


def test_nobody_else_sees_the_comment_or_the_question(
    client: FlaskClient, bob: Reader, asked: Any
) -> None:
    assert bob.get(f"/comments/{asked['id']}").status_code == 404
    assert answer(client, bob, asked).status_code == 404


def test_posting_it_as_it_is_answers_202_and_again_the_same(
    client: FlaskClient, ctx: Context, ann: Reader, asked: Any
) -> None:
    first = answer(client, ann, asked)
    assert (first.status_code, first.json["status"], first.json["nudge"]) == (202, "pending", None)
    assert answer(client, ann, asked).status_code == 202
    score_comments(ctx, FixedEngine(toxicity=0.55))
    assert answer(client, ann, asked).json["status"] == "published"


def test_an_edit_answers_as_well(
    client: FlaskClient, ctx: Context, ann: Reader, asked: Any
) -> None:
    changed = client.patch(
        f"/api/v1/comments/{asked['id']}",
        json={"body": "I see this differently.", "revision": 1},
        headers=ann.headers,
    )
    assert (changed.status_code, changed.json["nudge"]) == (202, None)


def test_who_was_not_asked_gets_a_problem(client: FlaskClient, ann: Reader) -> None:
    comment = ann.published("All is well.")
    refused = answer(client, ann, comment)
    assert (refused.status_code, refused.json["code"]) == (409, "not_asked")
