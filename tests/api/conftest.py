"""What the API tests share."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.models import Article, Site
from service.usecases.context import Context
from service.usecases.create_site import create_api_key
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers, bearer, reader_token


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site, key="harbour-bridge")


@pytest.fixture
def publisher(ctx: Context, site: Site) -> dict[str, str]:
    """The header of the publisher of the default site."""
    return bearer(create_api_key(ctx, site_id=site.id, name="tests"))


class Reader:
    """A signed-in reader with a browser."""

    def __init__(self, client: FlaskClient, ctx: Context, name: str) -> None:
        self._client, self._ctx = client, ctx
        self.headers = bearer(reader_token(name))

    def post(self, body: str, article: str = "harbour-bridge", **fields: Any) -> Any:
        return self._client.post(
            f"/api/v1/articles/{article}/comments",
            json={"body": body, **fields},
            headers=self.headers,
        )

    def published(self, body: str, **fields: Any) -> Any:
        """Post, and have it scored and found harmless."""
        comment = self.post(body, **fields).json
        score_comments(self._ctx, FixedEngine())
        return comment

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1{path}", headers=self.headers)


@pytest.fixture
def ann(client: FlaskClient, ctx: Context) -> Reader:
    return Reader(client, ctx, "ann")


@pytest.fixture
def bob(client: FlaskClient, ctx: Context) -> Reader:
    return Reader(client, ctx, "bob")
