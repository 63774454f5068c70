"""Refusals as RFC 9457 problem documents, the same from every process that speaks HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from service.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    ParleyError,
    TooFast,
    Unauthenticated,
    Unavailable,
)

PROBLEM_TYPE = "application/problem+json"
DOCS = "/api/v1/docs#problem-"

STATUS = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    TooFast: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: ParleyError) -> HTTPStatus:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def fields_of(error: ParleyError) -> Mapping[str, Any] | None:
    """The names of the fields that are wrong and what is wrong with each; None for other errors."""
    return error.errors if isinstance(error, Invalid) else None


def headers_of(error: ParleyError) -> dict[str, str]:
    """The headers a refusal comes with: when to come back, how to sign in."""
    if isinstance(error, TooFast | Unavailable):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthenticated) else {}


def problem_document(
    status: int, *, code: str, detail: str, errors: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """The members of a problem. `errors` maps fields to messages; `more` are members of its own."""
    document = {
        "type": f"{DOCS}{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        **more,
    }
    return document | ({"errors": errors} if errors else {})
