"""Fetch an article's text from the publisher's own site."""

from __future__ import annotations

from collections.abc import Sequence

from service.adapters.article_page import FetchedArticle, read_article
from service.adapters.web_address import FetchError, Resolver, system_resolver
from service.adapters.web_page import FetchLimits, fetch_page

__all__ = ["FetchError", "FetchedArticle", "fetch_article"]

TIMEOUT_SECONDS = 10.0
MAX_BYTES = 3_000_000


def fetch_article(
    url: str,
    *,
    allowed_hosts: Sequence[str],
    timeout: float = TIMEOUT_SECONDS,
    max_bytes: int = MAX_BYTES,
    resolver: Resolver = system_resolver,
    allow_private: bool = False,
) -> FetchedArticle:
    """Fetch a page of the site and take the article out of it.

    Args:
        url: an http(s) address.
        allowed_hosts: the site's own hosts; each covers its subdomains. Redirects too stay there.
        timeout: seconds for names, connections, redirects and reading together.
        max_bytes: of the page after unpacking.
        resolver: gives the IP addresses of a host; all must be public.
        allow_private: also fetch from private addresses and any port; for local demos only.

    Raises:
        FetchError: `code` says why, `permanent` whether asking again can help. Besides the codes
            of `web_page.fetch_page`: `no_text`.
    """
    limits = FetchLimits(allowed_hosts, timeout, max_bytes, allow_private)
    page = fetch_page(url, limits, resolver)
    return read_article(page, limits)
