"""Sites by their key, remembered for seconds: every request asks for one, few change."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cachetools import TTLCache

from service.models import Site

SITES_KEPT = 1_000


class SiteMemory:
    """Remembers found sites for `seconds`; with 0 it remembers nothing. For all threads."""

    def __init__(self, seconds: int) -> None:
        self._lock = threading.Lock()
        self._sites: TTLCache[str, Site] | None = TTLCache(SITES_KEPT, seconds) if seconds else None

    def get(self, key: str, find: Callable[[], Site]) -> Site:
        """The site, from memory or by `find`, whose refusals are not remembered."""
        if self._sites is None:
            return find()
        with self._lock:
            site: Site | None = self._sites.get(key)
        if site is None:
            site = find()
            with self._lock:
                self._sites[key] = site
        return site
