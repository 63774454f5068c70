"""Store a new comment with its first revision and its event, in one statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert, Table, bindparam, insert
from sqlalchemy.orm import Session

from service.models import Base, Comment, Event

metadata = Base.metadata

COMMENT_FIELDS = (
    "id",
    "site_id",
    "article_id",
    "reader_id",
    "parent_id",
    "root_id",
    "depth",
    "status",
    "revision",
    "body",
    "html",
    "demoted",
    "human_decision",
    "locked",
    "legal_hold",
    "created_at",
    "visible_replies",
    "reactions",
    "advance",
    "rank",
    "fingerprint",
    "bands",
    "attempts",
    "retries",
)
REVISION_FIELDS = ("comment_id", "revision", "body", "created_at")
EVENT_FIELDS = (
    "site_id",
    "kind",
    "comment_id",
    "article_id",
    "reader_id",
    "revision",
    "from_status",
    "to_status",
    "actor",
    "actor_id",
    "data",
    "created_at",
)


def _insert(table: Table, prefix: str, names: tuple[str, ...]) -> Insert:
    """An insert whose values are parameters named prefix + column."""
    return insert(table).values(
        {name: bindparam(prefix + name, type_=table.c[name].type) for name in names}
    )


_COMMENT = _insert(metadata.tables["comment"], "c_", COMMENT_FIELDS).cte("stored")
_REVISION = _insert(metadata.tables["comment_revision"], "r_", REVISION_FIELDS).cte(
    "first_revision"
)
# Built once: putting it together anew costs as much as running it.
_STORE = _insert(metadata.tables["event"], "e_", EVENT_FIELDS).add_cte(_COMMENT, _REVISION)


def store_comment(session: Session, comment: Comment, event: Event) -> None:
    """Insert all three rows at once: posting is what Parley does most, and each trip counts.

    `comment` and `event` stay outside the session; every column without a default of the
    database must be set on them.
    """
    session.connection().execute(
        _STORE,
        _values(comment, "c_", COMMENT_FIELDS)
        | _values(event, "e_", EVENT_FIELDS)
        | {
            "r_comment_id": comment.id,
            "r_revision": comment.revision,
            "r_body": comment.body,
            "r_created_at": comment.created_at,
        },
    )


def _values(row: object, prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {prefix + name: getattr(row, name) for name in names}
