"""The OpenAPI 3.1 document and the docs page made from it, without a third party."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, render_template, url_for
from flask_smorest import Api as Smorest

from service.api.auth import CSRF_HEADER, SESSION_COOKIE, allow_unidentified
from service.api.fields import KEY_PATTERN, ArticleKeyConverter
from service.api.schemas import ProblemOut
from service.domain.problem import PROBLEM_TYPE

PREFIX = "/api/v1"
VERSION = "1"
TITLE = "Parley"
DESCRIPTION = (
    "Comments for newsrooms: readers post, every comment is scored, the community guidelines "
    "decide, and every decision is explained. Errors are RFC 9457 problems."
)
METHODS = ("get", "post", "put", "patch", "delete")


class OpenApi(Smorest):  # type: ignore[misc]
    """flask-smorest with our problem document as the shape of every error."""

    ERROR_SCHEMA = ProblemOut

    def _register_responses(self) -> None:
        # Its default error responses take the content type of ordinary answers otherwise.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_TYPE
        super()._register_responses()
        # Without the attribute of its own the object has the class's again.
        del self.DEFAULT_RESPONSE_CONTENT_TYPE


def make_openapi(app: Flask) -> OpenApi:
    """The document for `app`; blueprints are registered on what this returns."""
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION},
            "components": {"securitySchemes": _security()},
        },
    )
    app.url_map.converters["article_key"] = ArticleKeyConverter
    openapi = OpenApi()
    openapi.register_converter(
        ArticleKeyConverter, lambda _: {"type": "string", "pattern": f"^{KEY_PATTERN}$"}
    )
    openapi.init_app(app)
    return openapi


def _security() -> dict[str, Any]:
    return {
        "readerToken": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A reader's token: signed by the publisher (HS256 or JWKS), or a "
            "guest's from `POST /guests`.",
        },
        "moderatorToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "A moderator's API token, `mt_…`, for one site.",
        },
        "moderatorSession": {
            "type": "apiKey",
            "in": "cookie",
            "name": SESSION_COOKIE,
            "description": "A moderator's session from `POST /moderation/session`. Methods that "
            f"change anything need the header {CSRF_HEADER} as well.",
        },
        "publisherKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "A publisher's API key, `pk_…`.",
        },
    }


def register_documents(app: Flask, openapi: OpenApi) -> None:
    """Serve the document and the page."""
    docs = Blueprint("docs", __name__, template_folder="templates")

    @docs.route("/openapi.json")
    @allow_unidentified
    def document() -> Any:
        return Response(app.json.dumps(openapi.spec.to_dict()), content_type="application/json")

    @docs.route("/docs")
    @allow_unidentified
    def page() -> Any:
        spec = openapi.spec.to_dict()
        return render_template(
            "docs.html", spec=spec, groups=_groups(spec), document=url_for("docs.document")
        )

    app.register_blueprint(docs, url_prefix=PREFIX)


def _groups(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by tag, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in spec["paths"].items():
        for method in METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            shown = {
                **operation,
                "path": path,
                "method": method.upper(),
                "parameters": item.get("parameters", []) + operation.get("parameters", []),
            }
            groups.setdefault(operation["tags"][0], []).append(shown)
    return groups
