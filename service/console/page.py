"""The console's one page: an empty shell that loads the modules, under a strict policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Any

from flask import Blueprint, Response

from service.console.assets import url_of

PATH = "/console"
# No script or style in the page itself, nothing from elsewhere, in nobody's frame.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SHELL = Path(__file__).resolve().parent / "page.html"

View = Callable[..., Any]


def console_blueprint(allow: Callable[[View], View]) -> Blueprint:
    """Serve the page at `/console`; `allow` says on the route who may call it.

    The page holds no data: whoever opens it signs in over the API.
    """
    blueprint = Blueprint("console", __name__)
    names = {"script": "console/main.js", "style": "console/console.css"}
    shell = Template(SHELL.read_text("utf-8"))

    @blueprint.route(PATH)
    @allow
    def console() -> Response:
        page = shell.substitute({key: url_of(name) for key, name in names.items()})
        return Response(page, content_type="text/html; charset=utf-8", headers=HEADERS)

    return blueprint
