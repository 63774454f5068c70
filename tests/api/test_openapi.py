"""The OpenAPI document is valid, and nothing a stranger sends by it makes the API fail."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from service.domain.identity import Role
from service.models import Article, Site
from service.usecases.context import Context
from service.usecases.create_site import create_api_key
from tests.makers import Makers, bearer, reader_token

EXAMPLES = 10
DOCUMENT = "/api/v1/openapi.json"


def test_the_document_is_valid_openapi(client: FlaskClient) -> None:
    document: Any = client.get(DOCUMENT).json
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_the_docs_page_lists_every_operation_without_a_third_party(client: FlaskClient) -> None:
    document = client.get(DOCUMENT).json
    page = client.get("/api/v1/docs").get_data(as_text=True)
    for path, item in document["paths"].items():
        assert path in page
        for operation in item.values():
            if isinstance(operation, dict) and "summary" in operation:
                assert operation["summary"].split("'")[0] in page
    assert "//" not in page.replace("://", "")
    assert "<script" not in page


# Who asks, and the credential the document must name for them; None: no credential.
SCHEMES = {
    "reader": "readerToken",
    "publisher": "publisherKey",
    "moderator": "moderatorToken",
    "nobody": None,
}


@pytest.mark.parametrize("role", SCHEMES)
def test_nothing_sent_by_the_document_is_answered_with_a_5xx(
    app: Flask, site: Site, article: Article, ctx: Context, make: Makers, role: str
) -> None:
    headers = {
        "reader": bearer(reader_token("fuzz")),
        "publisher": bearer(create_api_key(ctx, site_id=site.id, name="fuzz")),
        "moderator": make.moderator(site, role=Role.ADMIN).headers,
        "nobody": {},
    }[role]
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, app)
    attacked = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if _is_for(operation, SCHEMES[role]):
            _attack(operation, headers)
            attacked += 1
    assert attacked


def _is_for(operation: schemathesis.APIOperation, scheme: str | None) -> bool:
    """Whether the document lets this caller in; others are turned away before anything is read."""
    taken = operation.definition.raw.get("security", [{}])
    return any(scheme in one if scheme else not one for one in taken)


def _attack(operation: schemathesis.APIOperation, headers: dict[str, str]) -> None:
    """Good and bad requests of one operation; none may be answered with a 5xx."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @given(operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def attempt(case: schemathesis.Case) -> None:
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=[not_a_server_error])

        attempt()
