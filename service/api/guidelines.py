"""The community guidelines, as the widget shows them and the report dialog lists them."""

from __future__ import annotations

from typing import Any

from service.api import schemas
from service.api.app_state import api
from service.api.auth import allow, caller
from service.api.blueprint import Blueprint
from service.api.caching import public_page
from service.usecases.identify_caller import CallerKind

blp = Blueprint("guidelines", __name__, description="Community guidelines")


@blp.route("/guidelines", methods=["GET"])
@public_page
@allow(CallerKind.NOBODY)
@blp.arguments(schemas.GuidelinesQuery, location="query")
@blp.response(200, schemas.GuidelinesOut)
def list_guidelines(query: dict[str, Any]) -> Any:
    """The guidelines in force, in the language asked for or the site's own"""
    policy = api().ctx.policy(caller().site.id)
    locale = query["locale"] or caller().site.locale
    return {
        "version": policy.version,
        "guidelines": [policy.for_locale(name, locale) for name in policy.guidelines],
    }
