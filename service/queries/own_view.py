"""One reader's own view of a conversation, and the lists behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from service.models import Article, Comment, HiddenComment, Mute, Promotion, Reaction, Reader


@dataclass(frozen=True, slots=True)
class OwnView:
    """What a reader's page of one article leaves out, puts first and marks as reacted to."""

    muted: Sequence[UUID]
    promoted: Sequence[UUID]
    hidden: Sequence[UUID]
    reacted: dict[UUID, list[str]]


@dataclass(frozen=True, slots=True)
class HiddenSeen:
    """A hidden comment, the key of its article, and since when it is hidden."""

    comment: Comment
    article_key: str
    hidden_at: datetime


def own_view(session: Session, *, reader_id: UUID, article_id: UUID) -> OwnView:
    """The reader's view; hidden comments and reactions under this article only."""
    hidden = session.scalars(
        select(HiddenComment.comment_id)
        .where(HiddenComment.reader_id == reader_id, HiddenComment.article_id == article_id)
        .order_by(HiddenComment.comment_id)
    ).all()
    return OwnView(
        muted=_targets(session, Mute.muted_id, reader_id),
        promoted=_targets(session, Promotion.promoted_id, reader_id),
        hidden=hidden,
        reacted=_reacted(session, reader_id, article_id),
    )


def muted_readers(session: Session, reader_id: UUID) -> Sequence[Reader]:
    """Whom the reader muted, by name. All of them: the list is bounded where it is written."""
    return _readers(session, Mute.muted_id, reader_id)


def promoted_readers(session: Session, reader_id: UUID) -> Sequence[Reader]:
    """Whom the reader promoted, by name."""
    return _readers(session, Promotion.promoted_id, reader_id)


def hidden_comments(session: Session, reader_id: UUID) -> Sequence[HiddenSeen]:
    """What the reader hid, latest first, with its author."""
    rows = session.execute(
        select(Comment, Article.key, HiddenComment.created_at)
        .join(HiddenComment, HiddenComment.comment_id == Comment.id)
        .join(Article, Article.id == Comment.article_id)
        .where(HiddenComment.reader_id == reader_id)
        .order_by(HiddenComment.created_at.desc(), Comment.id.desc())
        .options(joinedload(Comment.reader, innerjoin=True))
    ).all()
    return [HiddenSeen(*row) for row in rows]


def _reacted(session: Session, reader_id: UUID, article_id: UUID) -> dict[UUID, list[str]]:
    rows = session.execute(
        select(Reaction.comment_id, Reaction.kind)
        .where(Reaction.reader_id == reader_id, Reaction.article_id == article_id)
        .order_by(Reaction.comment_id, Reaction.kind)
    )
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for comment_id, kind in rows:
        found[comment_id].append(kind)
    return dict(found)


def _targets(
    session: Session, target: InstrumentedAttribute[UUID], reader_id: UUID
) -> Sequence[UUID]:
    table: Any = target.class_
    return session.scalars(
        select(target).where(table.reader_id == reader_id).order_by(target)
    ).all()


def _readers(
    session: Session, target: InstrumentedAttribute[UUID], reader_id: UUID
) -> Sequence[Reader]:
    table: Any = target.class_
    return session.scalars(
        select(Reader)
        .join(table, target == Reader.id)
        .where(table.reader_id == reader_id)
        .order_by(Reader.username, Reader.id)
    ).all()
