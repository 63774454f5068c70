"""The demo paper's pages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.demo.conversation import CHOICES
from service.seed import seed_demo
from service.usecases.context import Context
from tests.conftest import SECRET
from tests.demo.conftest import ADDRESS


@pytest.fixture(autouse=True)
def seeded(ctx: Context) -> None:
    seed_demo(ctx, secret_key=SECRET, public_url=ADDRESS)


@pytest.mark.parametrize(
    ("path", "key", "title"),
    [
        ("/demo", "harbour-bridge", "Harbour bridge to close"),
        ("/demo/harbour-bridge", "harbour-bridge", "Harbour bridge to close"),
        ("/demo/saturday-market", "saturday-market", "Saturday market may move"),
    ],
)
def test_each_article_has_a_page_with_the_widget_and_the_other_ones_counter(
    client: FlaskClient, path: str, key: str, title: str
) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert f"<h1>{title}" in page.text
    assert f'<parley-comments article="{key}" site="demo"' in page.text
    assert page.text.count("data-parley-count=") == 2
    for name in CHOICES:
        assert f'<option value="{name}">' in page.text


def test_another_articles_page_is_not_the_demos(client: FlaskClient) -> None:
    answer = client.get("/demo/nothing-of-ours")
    assert (answer.status_code, answer.json["code"]) == (404, "article_not_found")


def test_readers_of_the_page_are_those_who_wrote(client: FlaskClient) -> None:
    token = client.post("/demo/token", json={"name": next(iter(CHOICES))}).json["token"]
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json["username"] == next(iter(CHOICES))
