"""Erase a reader: everything personal goes; what was decided stays, by ids alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.models import (
    Appeal,
    Comment,
    CommentRevision,
    Decision,
    Digest,
    Event,
    HiddenComment,
    IdempotencyKey,
    Mute,
    Notice,
    Notification,
    Promotion,
    Reaction,
    Reader,
    ReaderNote,
    Report,
    ReviewItem,
    ReviewState,
    Score,
)
from service.usecases.context import Context
from service.usecases.forget_reactions import forget_reactions
from service.usecases.lock_comment import lock_comments
from service.usecases.reader_standing import lock_reader, refresh_standing
from service.usecases.visible_changes import VisibleChanges

ERASED_NAME = "erased"
# No token is newer, so nothing that an old sign-in says is written into the row again.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
# The one signal that quotes a comment: hosts can name their owner.
_WITHOUT_HOSTS = text("signals #- '{content,link_hosts}'")
_RULES_WITHOUT_HOSTS = text(
    "coalesce((SELECT jsonb_agg(rule #- '{values,content.link_hosts}' ORDER BY place) "
    "FROM jsonb_array_elements(rules) WITH ORDINALITY AS fired(rule, place)), '[]')"
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many comments were erased, and which are kept as evidence for now."""

    erased: int
    kept: Sequence[UUID]


def erase_reader(ctx: Context, *, site_id: UUID, reader_id: UUID, actor: str = "reader") -> Erased:
    """Erase a reader's data for good; doing it twice is fine. `actor`: reader or publisher.

    1. Comments: status erased; text, revisions, fingerprints, search words and evidence gone.
       Replies of others stay.
    2. Comments under legal hold stay as they are, and the reader is told which.
    3. The reader: name, picture, badges, language gone. The id at the publisher goes too, but
       only once no ban or suspension needs it: erasure is no way around these.
       The address for e-mails goes at once.
    4. What the reader wrote elsewhere: details of reports, appeals, name and address on notices.
       What was written about the reader: notes, remarks on decisions.
    5. Reactions, whose counts follow, and the lists of muted, promoted and hidden. Where others
       muted this reader, that stays: it is their choice, and erasure is no way around it.
    6. Decisions, sanctions and events stay, without the hosts a comment linked to. They hold ids
       only, so the chain still verifies.

    Raises NotFound.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        locked = _lock_all(session, reader_id, site_id)
        # Before counters are changed past the session's objects.
        forget_reactions(session, reader_id, locked, now=now)
        comments = [comment for comment in locked if comment.reader_id == reader_id]
        going = [c for c in comments if not c.legal_hold and c.status != CommentStatus.ERASED]
        kept = tuple(c.id for c in comments if c.legal_hold)
        _erase_comments(session, going, actor, now)
        for comment in going:
            tx.after_commit.append(partial(ctx.metrics.record_comment, comment.status))
        reader = lock_reader(session, reader_id, site_id=site_id)
        _erase_words(session, reader, kept)
        if reader.erased_at is None:
            session.add(_event(reader, actor, erased=len(going), kept=len(kept), now=now))
        _erase_profile(reader, now)
        refresh_standing(session, reader, now)
    return Erased(len(going), kept)


def _lock_all(session: Session, reader_id: UUID, site_id: UUID) -> list[Comment]:
    """The reader's comments and those the reader reacted to, in one order for all."""
    own = select(Comment.id).where(Comment.reader_id == reader_id, Comment.site_id == site_id)
    reacted = select(Reaction.comment_id).where(Reaction.reader_id == reader_id)
    ids = session.scalars(own.union(reacted)).all()
    return lock_comments(session, ids) if ids else []


def _erase_comments(
    session: Session, comments: Sequence[Comment], actor: str, now: datetime
) -> None:
    changes = VisibleChanges()
    for comment in comments:
        old = comment.status
        comment.body = comment.html = ""
        comment.fingerprint, comment.bands = 0, []
        comment.language = comment.label = comment.featured_at = None
        comment.edit_until = comment.retry_at = comment.lease_until = None
        session.add(
            comment.move_to(
                CommentStatus.ERASED,
                kind="comment.erased",
                actor=actor,
                actor_id=_actor_id(actor, comment.reader_id),
                now=now,
            )
        )
        changes.add(comment, old=old)
    ids = [comment.id for comment in comments]
    _erase_beside(session, ids, now)
    changes.apply(session)


def _erase_beside(session: Session, ids: Sequence[UUID], now: datetime) -> None:
    """What other tables hold of the comments' text."""
    quiet = {"synchronize_session": False}
    for statement in (
        update(CommentRevision).where(CommentRevision.comment_id.in_(ids)).values(body=""),
        update(Score).where(Score.comment_id.in_(ids)).values(evidence={}),
        update(ReviewItem).where(ReviewItem.comment_id.in_(ids)).values(search=None),
        update(ReviewItem)
        .where(ReviewItem.comment_id.in_(ids), ReviewItem.state != ReviewState.DECIDED.value)
        .values(
            state=ReviewState.DECIDED.value,
            decided_at=now,
            version=ReviewItem.version + 1,
            claim_id=None,
            claimed_by=None,
            claimed_at=None,
            lease_until=None,
        ),
        update(Report).where(Report.comment_id.in_(ids)).values(detail=None),
        update(Decision)
        .where(Decision.comment_id.in_(ids))
        .values(note=None, signals=_WITHOUT_HOSTS, rules=_RULES_WITHOUT_HOSTS),
    ):
        session.execute(statement, execution_options=quiet)


def _erase_words(session: Session, reader: Reader, kept: Sequence[UUID]) -> None:
    """What the reader wrote besides comments, and what was written about the reader."""
    quiet = {"synchronize_session": False}
    about = (Decision.reader_id == reader.id) & Decision.comment_id.is_(None)
    for statement in (
        update(Report).where(Report.reader_id == reader.id).values(detail=None),
        update(Notice).where(Notice.reader_id == reader.id).values(name=None, email=None),
        update(Appeal)
        .where(Appeal.reader_id == reader.id, Appeal.comment_id.not_in(kept))
        .values(body=""),
        update(Decision).where(about).values(note=None),
        delete(Mute).where(Mute.reader_id == reader.id),
        delete(Promotion).where(Promotion.reader_id == reader.id),
        delete(HiddenComment).where(HiddenComment.reader_id == reader.id),
        delete(ReaderNote).where(ReaderNote.reader_id == reader.id),
        delete(Digest).where(Digest.reader_id == reader.id),
        delete(Notification).where(Notification.reader_id == reader.id),
        delete(IdempotencyKey).where(
            IdempotencyKey.site_id == reader.site_id, IdempotencyKey.caller == str(reader.id)
        ),
    ):
        session.execute(statement, execution_options=quiet)


def _erase_profile(reader: Reader, now: datetime) -> None:
    reader.username = ERASED_NAME
    reader.avatar = reader.locale = None
    reader.badges = []
    reader.profile_at = NEVER
    reader.erased_at = reader.erased_at or now


def _actor_id(actor: str, reader_id: UUID) -> UUID | None:
    return reader_id if actor == "reader" else None


def _event(reader: Reader, actor: str, *, erased: int, kept: int, now: datetime) -> Event:
    return Event(
        site_id=reader.site_id,
        kind="reader.erased",
        reader_id=reader.id,
        actor=actor,
        actor_id=_actor_id(actor, reader.id),
        data={"erased": erased, "kept": kept},
        created_at=now,
    )
