"""Engagement figures as JSON and as CSV. Plain values: thousands of figures at a time."""

from __future__ import annotations

import csv
import io
from datetime import date
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from service.domain.conversation_health import conversation_health
from service.domain.engagement import SUMMED, share
from service.queries.engagement import Entry, Report
from service.queries.engagement_figures import Figures
from service.queries.engagement_scope import Scope

SHARES = ("published", "held", "hidden", "rejected", "removed")
# Depth is told as a mean.
COUNTS = tuple(name for name in SUMMED if name != "depth_sum")
MEASURES = (
    "readers",
    "new_readers",
    "returning_readers",
    "replies_per_comment",
    "depth_mean",
    "depth_max",
    "first_comment_seconds",
    "first_reply_seconds",
)
NAMES = {
    "day": ("day",),
    "section": ("section",),
    "article": ("article", "title", "section"),
}
PLACES = 4
_counts = itemgetter(*COUNTS)
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(report: Report, scope: Scope, *, by: str) -> dict[str, Any]:
    """Totals, health, series and the most active articles, as `EngagementOut` has them."""
    totals = {**_figures(report.totals), "regular_readers": report.regular_readers}
    key = scope.article.key if scope.article is not None else None
    return {
        "section": scope.section,
        "article": key,
        "by": by,
        "totals": totals,
        "health": _health(report.totals),
        "series": [{**_named(entry, by), **_figures(entry.figures)} for entry in report.series],
        "top_articles": [
            {**_named(entry, "article"), **_figures(entry.figures)} for entry in report.top
        ],
        "drift_url": f"/api/v1/drift?article={quote(key, safe='')}" if key else None,
    }


def as_csv(report: Report, *, by: str) -> str:
    """The series as a table (RFC 4180); `health` is the last column."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow((*NAMES[by], *COUNTS, *MEASURES, "health"))
    for entry in report.series:
        shown = _figures(entry.figures)
        numbers = [shown[name] for name in (*COUNTS, *MEASURES, "health")]
        table.writerow([*_row_name(entry, by), *("" if n is None else n for n in numbers)])
    return text.getvalue()


def _figures(found: Figures) -> dict[str, Any]:
    counts = found.counts
    return {
        **dict(zip(COUNTS, _counts(counts), strict=True)),
        "readers": found.readers,
        "new_readers": found.new_readers,
        "returning_readers": found.returning_readers,
        "replies_per_comment": _rounded(found.replies_per_comment),
        "depth_mean": _rounded(found.depth_mean),
        "depth_max": found.depth_max,
        "first_comment_seconds": found.first_comment_seconds,
        "first_reply_seconds": found.first_reply_seconds,
        "shares": {name: _rounded(share(counts[name], counts["comments"])) for name in SHARES},
        "health": _rounded(found.health),
    }


def _health(found: Figures) -> dict[str, Any]:
    health = conversation_health(found.counts, reader_days=found.reader_days)
    return {
        "value": _rounded(health.value),
        "components": [
            {
                "name": one.name,
                "share": _rounded(one.share),
                "bad": one.bad,
                "good": one.good,
                "points": _rounded(one.points),
                "most": _rounded(one.most),
            }
            for one in health.components
        ],
    }


def _named(entry: Entry, by: str) -> dict[str, Any]:
    if by == "day":
        day: date = entry.key
        return {"day": day.isoformat()}
    if by == "section":
        return {"section": entry.key}
    article = entry.key
    named = {name: getattr(article, name) for name in ("key", "title", "url", "section")}
    return {"article": named}


def _row_name(entry: Entry, by: str) -> list[str]:
    if by == "day":
        return [entry.key.isoformat()]
    if by == "section":
        return [_harmless(entry.key)]
    return [_harmless(entry.key.key), _harmless(entry.key.title), _harmless(entry.key.section)]


def _harmless(text: str | None) -> str:
    """Publishers' words: a spreadsheet must not run them."""
    return f"'{text}" if text and text.startswith(FORMULA) else text or ""


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
