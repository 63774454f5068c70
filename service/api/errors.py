"""The one place where a refusal becomes an HTTP answer: RFC 9457 problem details."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, json, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from service.domain.errors import Invalid, ParleyError, Unavailable
from service.domain.problem import (
    PROBLEM_TYPE,
    fields_of,
    headers_of,
    problem_document,
    status_of,
)

RETRY_AFTER_SECONDS = 5

log = logging.getLogger(__name__)


def problem(
    status: int,
    *,
    code: str,
    detail: str,
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document. `errors` maps the names of fields to lists of messages."""
    body = problem_document(
        status, code=code, detail=detail, errors=errors, request_id=g.get("request_id")
    )
    response = Response(json.dumps(body), status=status, content_type=PROBLEM_TYPE)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def register_errors(app: Flask) -> None:
    """Make every error of the application a problem document."""
    app.register_error_handler(ParleyError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(PoolTimeout, _database_down)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: ParleyError) -> Response:
    return problem(
        status_of(error),
        code=error.code,
        detail=error.detail,
        errors=fields_of(error),
        headers=headers_of(error),
    )


def _http(error: HTTPException) -> Response:
    """Flask's and webargs' own errors; 422 carries the messages of the schema by field."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return Response(status=status, headers=list(error.get_headers()))
    data = getattr(error, "data", None) or {}
    errors = _by_field(data.get("messages", {}))
    phrase = HTTPStatus(status).phrase
    code = "invalid" if errors else phrase.lower().replace(" ", "_")
    detail = Invalid.detail if errors else (error.description or phrase)
    kept = ("Allow", "Retry-After", "WWW-Authenticate")
    headers = {name: value for name, value in error.get_headers() if name in kept}
    return problem(status, code=code, detail=detail, errors=errors, headers=headers)


def _by_field(messages: Mapping[str, Any]) -> dict[str, Any]:
    """webargs nests messages by location (json, query, headers); readers want the field."""
    fields: dict[str, Any] = {}
    for location, inner in messages.items():
        if isinstance(inner, Mapping):
            fields.update({str(name): value for name, value in inner.items()})
        else:
            fields["body" if location == "json" else location] = inner
    return fields


def _database_down(error: Exception) -> Response:
    log.warning("database unavailable: %s", type(error).__name__)
    return _refused(Unavailable(RETRY_AFTER_SECONDS, "The database cannot be reached right now."))


def _database_error(error: DBAPIError) -> Response:
    if error.connection_invalidated:
        return _database_down(error)
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    # The statement's parameters hold what a reader typed: log the place, not the values.
    log.error(
        "unexpected %s in %s %s",
        type(error).__name__,
        request.method,
        request.url_rule,
        exc_info=None if isinstance(error, DBAPIError) else error,
    )
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal_error",
        detail="Something went wrong on our side; it was logged under this request id.",
    )
