"""Is it alive, is it ready, how is it doing: outside the API prefix, for machines."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from service.api.app_state import api
from service.api.auth import allow_unidentified

blp = Blueprint("status", __name__)

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SERVICE_UNAVAILABLE = 503


@blp.route("/healthz")
@allow_unidentified
def healthz() -> Any:
    """The process answers."""
    return jsonify(status="ok")


@blp.route("/readyz")
@allow_unidentified
def readyz() -> Any:
    """200 once comments can be taken and scored; else 503 and which part is missing."""
    ready, parts = api().readiness()
    response = jsonify(status="ready" if ready else "not ready", **parts)
    response.headers["Cache-Control"] = "no-store"
    if not ready:
        response.status_code = SERVICE_UNAVAILABLE
    return response


@blp.route("/metrics")
@allow_unidentified
def metrics() -> Any:
    """Everything Prometheus wants to know."""
    return Response(api().metrics_page(), content_type=METRICS_TYPE)
