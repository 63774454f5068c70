"""Messages of the stream as bytes: made once, sent to every listener. They never hold a text."""

from __future__ import annotations

from typing import Any

import orjson

from service.domain.live_update import Change, as_seen_now
from service.queries.live import ArticleNow, CommentNow

HEARTBEAT = b": heartbeat\n\n"


def opening(retry_ms: int) -> bytes:
    """The first lines: after how many milliseconds a browser comes back after a break."""
    return b"retry: %d\n\n" % retry_ms


def hello(now: ArticleNow, position: int | None) -> bytes:
    """The greeting, with the count. `position`: the log's newest event this page is up to."""
    return _frame("hello", {"comment_count": now.comment_count}, position)


def comment(now: CommentNow, change: Change, count: int, event_id: int | None) -> bytes:
    """What became of a comment, by its state now, and the article's count of comments."""
    seen = as_seen_now(change, status=now.status, edited_since=now.edited_since)
    data = {
        "id": now.id,
        "thread_id": now.thread_id,
        "parent_id": now.parent_id,
        "change": seen,
        "comment_count": count,
    }
    return _frame("comment", data, event_id)


def article(now: ArticleNow, event_id: int | None) -> bytes:
    """What the article says of itself."""
    return _frame("article", {"drifting": now.drifting, "mode": now.mode}, event_id)


def reset(position: int | None = None) -> bytes:
    """Too much was missed: the page is to be loaded again, and is then up to `position`."""
    return _frame("reset", {}, position)


def _frame(event: str, data: dict[str, Any], event_id: int | None) -> bytes:
    name = b"" if event_id is None else b"id: %d\n" % event_id
    return name + b"event: %s\ndata: %s\n\n" % (event.encode(), orjson.dumps(data))
