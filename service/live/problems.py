"""Refusals of the live process as RFC 9457 problems, in the API's shape."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from service.domain.errors import ParleyError
from service.domain.problem import (
    PROBLEM_TYPE,
    fields_of,
    headers_of,
    problem_document,
    status_of,
)

KEPT_HEADERS = ("Allow", "Retry-After")

log = logging.getLogger(__name__)


def handlers() -> Mapping[Any, ExceptionHandler]:
    """What turns every error of the application into a problem."""
    return {ParleyError: _refused, HTTPException: _http, Exception: _unexpected}


def problem(
    status: int,
    *,
    code: str,
    detail: str,
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document. `errors` maps the names of fields to lists of messages."""
    return JSONResponse(
        problem_document(status, code=code, detail=detail, errors=errors),
        status_code=status,
        media_type=PROBLEM_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ParleyError)  # noqa: S101 - registered for nothing else
    return problem(
        status_of(error),
        code=error.code,
        detail=error.detail,
        errors=fields_of(error),
        headers=headers_of(error),
    )


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    phrase = HTTPStatus(error.status_code).phrase
    headers = {k: v for k, v in (error.headers or {}).items() if k in KEPT_HEADERS}
    code = phrase.lower().replace(" ", "_")
    return problem(error.status_code, code=code, detail=error.detail, headers=headers)


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal_error",
        detail="Something went wrong on our side; it was logged.",
    )
