"""Static files under addresses that change when the files do, so that they can be kept for ever.

Each folder at the top of the root (`console`, `widget`) has one hash over all its files: modules
import each other by relative paths, and so ask for the same version as the page that loaded them.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

STATIC = Path(__file__).resolve().parent.parent / "static"
PREFIX = "/assets"
HASH_CHARS = 16
FOREVER = "public, max-age=31536000, immutable"
# The browser must be told a module's type, whatever the machine's own table says.
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
PACKED = frozenset(TYPES)

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory; `packed` is its gzip form where that is smaller."""

    body: bytes
    packed: bytes | None
    content_type: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of one folder by path below it, and the hash of them all."""

    hash: str
    files: dict[str, Asset]


def assets_blueprint(allow: Callable[[View], View], root: Path = STATIC) -> Blueprint:
    """Serve every file below `root` at `/assets/<hash>/<path>`.

    `allow` is the decorator that says on the route who may call it. An address with another
    hash, from a page made before or after this version, gets the present file, not to be kept.
    """
    blueprint = Blueprint("assets", __name__)

    @blueprint.route(f"{PREFIX}/<string:version>/<path:name>")
    @allow
    def asset(version: str, name: str) -> Response:
        folder, _, rest = name.partition("/")
        found = folders(root).get(folder)
        file = found.files.get(rest) if found else None
        if found is None or file is None:
            return Response(status=HTTPStatus.NOT_FOUND, headers={"Cache-Control": "no-store"})
        return _answer(file, FOREVER if version == found.hash else "no-store")

    return blueprint


def url_of(name: str, root: Path = STATIC) -> str:
    """The path of a file, such as `console/main.js`, at its present version.

    Raises KeyError where there is no such file.
    """
    folder, _, rest = name.partition("/")
    found = folders(root)[folder]
    if rest not in found.files:
        raise KeyError(name)
    return f"{PREFIX}/{found.hash}/{name}"


@cache
def folders(root: Path) -> dict[str, Folder]:
    """All files below `root`, read once when the process starts."""
    return {path.name: _folder(path) for path in sorted(root.iterdir()) if path.is_dir()}


def _folder(top: Path) -> Folder:
    digest, files = hashlib.sha256(), {}
    for path in sorted(p for p in top.rglob("*") if p.is_file()):
        name, body = path.relative_to(top).as_posix(), path.read_bytes()
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
        files[name] = _asset(path, body)
    return Folder(digest.hexdigest()[:HASH_CHARS], files)


def _asset(path: Path, body: bytes) -> Asset:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    content_type = TYPES.get(path.suffix, guessed)
    packed = gzip.compress(body, mtime=0) if path.suffix in PACKED else None
    smaller = packed is not None and len(packed) < len(body)
    return Asset(body, packed if smaller else None, content_type)


def _answer(file: Asset, control: str) -> Response:
    is_packed = file.packed is not None and request.accept_encodings["gzip"] > 0
    response = Response(file.packed if is_packed else file.body, content_type=file.content_type)
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = control
    # The widget's modules are loaded by publishers' pages, which are other origins.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
