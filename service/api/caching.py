"""Entity tags, 304s and a short memory for pages that many ask for at once."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from cachetools import TTLCache
from flask import Response, current_app, request

from service.api.app_state import api

MEMORY = "parley_pages"
MEMORY_BYTES = 16_000_000
STALE_SECONDS = 30
TAG_CHARS = 32

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Page:
    """A page as bytes, with the tag that changes when anything on it does."""

    etag: str
    body: bytes


class PageMemory:
    """Pages of the last seconds, for all threads of one process."""

    def __init__(self, seconds: int) -> None:
        self._lock = threading.Lock()
        self._pages: TTLCache[Any, Page] | None = (
            TTLCache(MEMORY_BYTES, ttl=seconds, getsizeof=_size) if seconds else None
        )

    def get(self, key: Any) -> Page | None:
        """The page, if it was made within the last seconds."""
        if self._pages is None:
            return None
        with self._lock:
            page: Page | None = self._pages.get(key)
            return page

    def put(self, key: Any, page: Page) -> None:
        """Keep a page, if it fits; the oldest make room."""
        if self._pages is not None and _size(page) <= MEMORY_BYTES:
            with self._lock:
                self._pages[key] = page


def _size(page: Page) -> int:
    return len(page.body)


def public_page(view: F) -> F:
    """Answer a public GET from memory, and with 304 where the caller has this version already.

    Pages in memory are at most `page_cache_seconds` old, which is also how long a browser or a
    proxy may keep them. Outermost on a route, so that a page in memory costs no query at all.
    """

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        memory: PageMemory = current_app.extensions[MEMORY]
        page = memory.get(request.full_path)
        if page is None:
            response = view(*args, **kwargs)
            if response.status_code != HTTPStatus.OK:
                return response
            body = response.get_data()
            page = Page(hashlib.sha256(body).hexdigest()[:TAG_CHARS], body)
            memory.put(request.full_path, page)
        return _answer(page)

    return cast(F, answered)


def _answer(page: Page) -> Response:
    if page.etag in request.if_none_match:
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = Response(page.body, content_type="application/json")
    response.set_etag(page.etag)
    seconds = api().page_cache_seconds
    control = f"public, max-age={seconds}, stale-while-revalidate={STALE_SECONDS}"
    response.headers["Cache-Control"] = control
    return response
