"""The console's one page: an empty shell that loads the modules, under a strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template
from typing import Any

from flask import Blueprint, Response

from service.console.assets import STATIC, folders, url_of

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
FOLDER = "console"
# All modules are asked for at once, not one after the other as they import each other.
LINKS = {
    ".css": '<link rel="stylesheet" href="{}">',
    ".js": '<link rel="modulepreload" href="{}">',
}

View = Callable[..., Any]


def console_blueprint(allow: Callable[[View], View]) -> Blueprint:
    """Serve the page at `/console`; `allow` says on the route who may call it.

    The page holds no data: whoever opens it signs in over the API.
    """
    blueprint = Blueprint("console", __name__)
    shell = Template(SHELL.read_text("utf-8"))
    script = url_of(f"{FOLDER}/main.js")
    page = shell.substitute(script=script, links="\n".join(_links()))

    @blueprint.route(PATH)
    @allow
    def console() -> Response:
        return Response(page, content_type="text/html; charset=utf-8", headers=HEADERS)

    return blueprint


def _links() -> Iterator[str]:
    for name in folders(STATIC)[FOLDER].files:
        link = LINKS.get(Path(name).suffix)
        if link is not None:
            yield link.format(url_of(f"{FOLDER}/{name}"))
