"""Everything stored of one reader, as plain values: what a privacy request asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from service.models import (
    Appeal,
    Comment,
    CommentRevision,
    Decision,
    Digest,
    Event,
    HiddenComment,
    Mute,
    Notice,
    Notification,
    Promotion,
    Reaction,
    Reader,
    ReaderNote,
    Report,
    Sanction,
    Score,
    StatementOfReasons,
    Strike,
)

# Kept from everybody but those who decide: telling would warn a suspect (GDPR, Article 23), and
# belongs to other people.
UNTOLD_EVENTS = ("law_enforcement.referred", "identity.disclosed", "legal_hold.", "proposal.")
UNTOLD_ACTIONS = ("refer", "preserve", "release")
INTERNAL = {
    "reader": ("warning_id", "profile_at"),
    "comment": (
        "bands",
        "fingerprint",
        "lease_until",
        "attempts",
        "retries",
        "retry_at",
        "legal_hold",
        "drift_state",
        "drift_index",
        "adrift_since",
        "advance",
        "rank",
    ),
    "decision": ("actor_id", "note", "signals"),
    "report": ("guest_hash", "network_hash", "author_id", "suspected"),
    "notice": ("secret_hash",),
    "digest": ("try_at", "lease_until", "attempts", "lost"),
    "reader_note": ("moderator_id",),
    "appeal": ("decided_by",),
}


def reader_export(session: Session, reader: Reader) -> dict[str, Any]:
    """Profile, comments with all revisions and scores, decisions with their reasons, strikes,
    sanctions, reports, notices, appeals, messages, e-mails, reactions, own lists, moderators'
    notes, and the log's rows.
    """
    comments = _of(session, Comment, Comment.reader_id == reader.id)
    ids = [row["id"] for row in comments]
    decisions = _of(session, Decision, Decision.reader_id == reader.id)
    return {
        "reader": _plain(reader),
        "comments": comments,
        "revisions": _of(session, CommentRevision, CommentRevision.comment_id.in_(ids)),
        "scores": _of(session, Score, Score.comment_id.in_(ids)),
        "decisions": [row for row in decisions if row["action"] not in UNTOLD_ACTIONS],
        "statements_of_reasons": _of(
            session, StatementOfReasons, StatementOfReasons.reader_id == reader.id
        ),
        "strikes": _of(session, Strike, Strike.reader_id == reader.id),
        "sanctions": _of(session, Sanction, Sanction.reader_id == reader.id),
        "reports": _of(session, Report, Report.reader_id == reader.id),
        "notices": _of(session, Notice, Notice.reader_id == reader.id),
        "appeals": _of(session, Appeal, Appeal.reader_id == reader.id),
        "notifications": _of(session, Notification, Notification.reader_id == reader.id),
        "digest": _of(session, Digest, Digest.reader_id == reader.id),
        "reactions": _of(session, Reaction, Reaction.reader_id == reader.id),
        "mutes": _of(session, Mute, Mute.reader_id == reader.id),
        "promotions": _of(session, Promotion, Promotion.reader_id == reader.id),
        "hidden_comments": _of(session, HiddenComment, HiddenComment.reader_id == reader.id),
        "notes": _of(session, ReaderNote, ReaderNote.reader_id == reader.id),
        "events": _events(session, reader.id),
    }


def _of(session: Session, table: Any, condition: Any) -> list[dict[str, Any]]:
    keys = inspect(table).primary_key
    return [_plain(row) for row in session.scalars(select(table).where(condition).order_by(*keys))]


def _events(session: Session, reader_id: UUID) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Event).where(Event.reader_id == reader_id).order_by(Event.id)
    ).all()
    return [
        {"kind": row.kind, "comment_id": _value(row.comment_id), "at": _value(row.created_at)}
        for row in rows
        if not row.kind.startswith(UNTOLD_EVENTS)
    ]


def _plain(row: Any) -> dict[str, Any]:
    """The columns of a row that are not our own machinery, as JSON takes them."""
    hidden = INTERNAL.get(row.__tablename__, ())
    columns = inspect(type(row)).column_attrs
    return {c.key: _value(getattr(row, c.key)) for c in columns if c.key not in hidden}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
