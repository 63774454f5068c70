"""What of the demo's conversation is there already: asked of what happened, not of what is now."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.models import (
    Appeal,
    Comment,
    CommentRevision,
    Decision,
    Event,
    Notice,
    QaSample,
    Reaction,
    Report,
    ReviewItem,
    Sanction,
)


def find_said(session: Session, *, reader_id: UUID, article_id: UUID, body: str) -> Comment | None:
    """The reader's comment under the article that began with this text."""
    return session.scalars(
        select(Comment)
        .join(CommentRevision, CommentRevision.comment_id == Comment.id)
        .where(
            Comment.reader_id == reader_id,
            Comment.article_id == article_id,
            CommentRevision.revision == 1,
            CommentRevision.body == body,
        )
        .limit(1)
    ).first()


def has_happened(
    session: Session,
    *,
    kind: str,
    comment_id: UUID | None = None,
    reader_id: UUID | None = None,
    actor_id: UUID | None = None,
) -> bool:
    """Whether the log has an event of this kind about them."""
    given = {"comment_id": comment_id, "reader_id": reader_id, "actor_id": actor_id}
    wanted = [getattr(Event, name) == value for name, value in given.items() if value is not None]
    return bool(session.scalar(select(exists().where(Event.kind == kind, *wanted))))


def find_decision(
    session: Session, *, comment_id: UUID, actor_id: UUID, action: str
) -> Decision | None:
    """What somebody decided on a comment, also if it was reversed since."""
    return session.scalars(
        select(Decision)
        .where(
            Decision.comment_id == comment_id,
            Decision.actor_id == actor_id,
            Decision.action == action,
        )
        .limit(1)
    ).first()


def find_automated(session: Session, *, comment_id: UUID) -> Decision | None:
    """What the rules decided on a comment when it was scored."""
    return session.scalars(
        select(Decision).where(Decision.comment_id == comment_id, Decision.automated).limit(1)
    ).first()


def find_appeal(session: Session, *, comment_id: UUID, reader_id: UUID) -> Appeal | None:
    """A reader's appeal about a comment."""
    return session.scalars(
        select(Appeal)
        .where(Appeal.comment_id == comment_id, Appeal.reader_id == reader_id)
        .limit(1)
    ).first()


def find_item(session: Session, *, comment_id: UUID) -> ReviewItem | None:
    """The comment's place in the queue."""
    return session.scalars(select(ReviewItem).where(ReviewItem.comment_id == comment_id)).first()


def has_report(session: Session, *, comment_id: UUID, reader_id: UUID) -> bool:
    """Whether the reader reported the comment."""
    mine = exists().where(Report.comment_id == comment_id, Report.reader_id == reader_id)
    return bool(session.scalar(select(mine)))


def has_reacted(session: Session, *, comment_id: UUID, reader_id: UUID) -> bool:
    """Whether the reader reacted to the comment."""
    mine = exists().where(Reaction.comment_id == comment_id, Reaction.reader_id == reader_id)
    return bool(session.scalar(select(mine)))


def has_notice(session: Session, *, comment_id: UUID) -> bool:
    """Whether somebody gave notice of the comment."""
    return bool(session.scalar(select(exists().where(Notice.comment_id == comment_id))))


def has_sample(session: Session, *, decision_id: UUID) -> bool:
    """Whether a decision was drawn for a second look."""
    return bool(session.scalar(select(exists().where(QaSample.decision_id == decision_id))))


def has_sanction(session: Session, *, reader_id: UUID, kind: str) -> bool:
    """Whether the reader was ever sanctioned so."""
    given = exists().where(Sanction.reader_id == reader_id, Sanction.kind == kind)
    return bool(session.scalar(select(given)))
