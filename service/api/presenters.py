"""From rows to what the schemas dump: who may see what of a comment is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from service.api.fields import encode_cursor
from service.domain.comment import EDITABLE, CommentStatus
from service.domain.guideline import Policy
from service.domain.reaction import shown_counts
from service.queries.comments import Page, Thread
from service.queries.nudges import Nudge
from service.queries.outcomes import Outcome


def public_comment(comment: Any, kinds: Sequence[str]) -> dict[str, Any]:
    """A comment as anybody sees it; without text and author unless it is published.

    `kinds` are the reactions its site offers.
    """
    shown = comment.status == CommentStatus.PUBLISHED
    return {
        "id": comment.id,
        "parent_id": comment.parent_id,
        "status": "published" if shown else "unavailable",
        "author": comment.reader if shown else None,
        "html": comment.html if shown else None,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at if shown else None,
        "demoted": comment.demoted if shown else False,
        "label": comment.label if shown else None,
        "featured": shown and comment.featured_at is not None,
        "reactions": shown_counts(comment.reactions, kinds) if shown else {},
        "locked": comment.locked,
    }


def thread(item: Thread, kinds: Sequence[str], *, drift_line: bool) -> dict[str, Any]:
    """A thread: its top-level comment with the first replies.

    `drift_line`: whether the site tells readers that a thread has moved away from its article.
    """
    return {
        **public_comment(item.root, kinds),
        "reply_count": item.root.visible_replies,
        "drifting": drift_line and item.root.adrift_since is not None,
        "replies": [public_comment(reply, kinds) for reply in item.replies],
    }


def next_cursor(found: Page[Any]) -> str | None:
    """The cursor of the page after this one, None on the last."""
    return encode_cursor(found.next) if found.next is not None else None


def own_comment(
    comment: Any,
    *,
    article_key: str,
    outcome: Outcome,
    edit_window: int,
    kinds: Sequence[str],
    nudge: Nudge | None = None,
) -> dict[str, Any]:
    """A comment as its author sees it, whatever became of it."""
    until = comment.created_at + timedelta(seconds=edit_window)
    until = max(until, nudge.until) if nudge else until
    return {
        "id": comment.id,
        "parent_id": comment.parent_id,
        "article_key": article_key,
        "status": comment.status,
        "author": comment.reader,
        "body": comment.body,
        "html": comment.html,
        "revision": comment.revision,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
        "editable_until": until if comment.status in EDITABLE else None,
        "nudge": nudge,
        "demoted": comment.demoted,
        "label": comment.label,
        "featured": comment.featured_at is not None,
        "reactions": shown_counts(comment.reactions, kinds),
        "locked": comment.locked,
        "outcome": outcome,
    }


def account(reader: Any, warnings: Sequence[Any], policy: Policy) -> dict[str, Any]:
    """A reader's own account; a warning names its guideline while that is in the file."""

    def clause(name: str | None) -> Any:
        if name is None or name not in policy.guidelines:
            return None
        return policy.for_locale(name, reader.locale)

    names = ("id", "username", "avatar", "badges", "kind", "standing", "standing_until")
    return {name: getattr(reader, name) for name in (*names, "approved_count", "created_at")} | {
        "warnings": [
            {"id": w.id, "guideline": clause(w.guideline), "created_at": w.created_at}
            for w in warnings
        ]
    }


def article(row: Any, *, is_open: bool, drift_line: bool) -> dict[str, Any]:
    """An article and the state of its conversation."""
    return {
        "key": row.key,
        "url": row.url,
        "title": row.title,
        "section": row.section,
        "tags": row.tags,
        "mode": row.mode,
        "is_open": is_open,
        "closes_at": row.closes_at,
        "published_at": row.published_at,
        "published_count": row.published_count,
        "drifting": drift_line and row.drifting_since is not None,
        "text": _text_state(row),
    }


def _text_state(row: Any) -> str:
    if row.fetch_state == "failed":
        return "failed"
    if row.awaits_text:
        return "waiting"
    return "indexed" if row.is_indexed else "missing"
