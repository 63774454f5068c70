"""Take a reader's comment: check, store as pending, and say that it waits to be scored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus, validate_body
from service.domain.errors import Conflict, Invalid
from service.domain.fingerprint import fingerprint
from service.domain.ranking import advance
from service.models import Article, Comment, IdempotencyKey, Reader, new_id
from service.queries.articles import get_article
from service.queries.comments import get_comment
from service.queries.request_ids import REQUEST
from service.usecases.context import Context
from service.usecases.store_comment import store_comment

REPEAT_WINDOW = timedelta(hours=24)
# What a repeat is compared with: a text its author took back may be said again.
STANDING_STATUSES = tuple(
    status.value for status in CommentStatus if status not in {"withdrawn", "erased"}
)


@dataclass(frozen=True, slots=True)
class Posted:
    """The comment, and whether this call made it (False: the same request came before)."""

    comment: Comment
    created: bool


def post_comment(
    ctx: Context,
    *,
    site_id: UUID,
    article_key: str,
    reader: Reader,
    body: str,
    parent_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> Posted:
    """Store a comment as pending; after the commit the workers are nudged.

    1. The text is valid. 2. The reader may speak. 3. The article takes comments.
    4. The parent is a published comment of the same article. 5. It is not a repeat.
    `reader` is who was recognised a moment ago. The same `idempotency_key` from the same reader
    gives the first comment again.

    Raises Invalid, Forbidden, NotFound or Conflict; nothing is stored then.
    """
    text = validate_body(body, max_chars=ctx.limits.comment_max_chars)
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        article = get_article(session, site_id=site_id, key=article_key)
        comment_id = new_id()
        if idempotency_key is not None:
            request = f"{article.id}|{parent_id}|{text}"
            first = _claim_key(session, reader, idempotency_key, request, comment_id)
            if first is not None:
                return Posted(get_comment(session, first), created=False)
        reader.check_may_speak(now)
        _check_open(article, now)
        parent = _parent(session, ctx, article, parent_id)
        mark = fingerprint(text)
        late = advance(article_at=article.created_at, comment_at=now)
        _check_repeat(session, reader, mark.exact, now)
        comment = Comment(
            id=comment_id,
            site_id=site_id,
            article_id=article.id,
            reader_id=reader.id,
            parent_id=parent.id if parent else None,
            root_id=parent.root_id if parent else comment_id,
            depth=parent.depth + 1 if parent else 0,
            status=CommentStatus.PENDING.value,
            revision=1,
            body=text,
            html=ctx.render(text),
            fingerprint=mark.exact,
            bands=list(mark.bands),
            demoted=False,
            human_decision="none",
            locked=False,
            legal_hold=False,
            visible_replies=0,
            reactions={},
            advance=late,
            rank=late,
            attempts=0,
            retries=0,
            created_at=now,
        )
        event = comment.event(
            "comment.posted", actor="reader", actor_id=reader.id, now=now, data=origin(ctx)
        )
        store_comment(session, comment, event)
        tx.after_commit.append(ctx.queue.nudge_scoring)
    comment.reader = reader
    ctx.metrics.record_comment(CommentStatus.PENDING.value)
    return Posted(comment, created=True)


def origin(ctx: Context) -> dict[str, str]:
    """What the event of a new text says of where it came from: its request, for the log lines."""
    request_id = ctx.request_id()
    return {REQUEST: request_id} if request_id is not None else {}


def _claim_key(
    session: Session, reader: Reader, key: str, request: str, comment_id: UUID
) -> UUID | None:
    """Claim the key for this request, or give the comment the first such request made."""
    request_hash = hashlib.sha256(request.encode()).hexdigest()
    caller = str(reader.id)
    claimed = session.execute(
        insert(IdempotencyKey)
        .values(
            site_id=reader.site_id,
            caller=caller,
            key=key,
            request_hash=request_hash,
            subject_id=comment_id,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.subject_id)
    ).scalar_one_or_none()
    if claimed is not None:
        return None
    known = session.get_one(IdempotencyKey, (reader.site_id, caller, key))
    if known.request_hash != request_hash:
        message = "Was used before for another request."
        raise Invalid({"Idempotency-Key": [message]}, code="idempotency_key_reused")
    return known.subject_id


def _check_open(article: Article, now: datetime) -> None:
    if not article.is_open(now):
        raise Conflict("This article no longer takes comments.", code="article_closed")


def _parent(
    session: Session, ctx: Context, article: Article, parent_id: UUID | None
) -> Comment | None:
    if parent_id is None:
        return None
    parent = session.get(Comment, parent_id)
    if parent is None or parent.article_id != article.id:
        raise Invalid({"parent_id": ["Is not a comment of this article."]})
    if parent.status != CommentStatus.PUBLISHED:
        raise Conflict("The comment you answer is not public.", code="parent_not_published")
    if session.get_one(Comment, parent.root_id).locked:
        raise Conflict("This thread takes no more replies.", code="thread_locked")
    if parent.depth + 1 > ctx.limits.reply_depth_max:
        deepest = ctx.limits.reply_depth_max
        raise Invalid({"parent_id": [f"Replies go at most {deepest} levels deep."]})
    return parent


def _check_repeat(session: Session, reader: Reader, mark: int, now: datetime) -> None:
    repeat = session.execute(
        select(Comment.id)
        .where(
            Comment.reader_id == reader.id,
            Comment.created_at > now - REPEAT_WINDOW,
            Comment.fingerprint == mark,
            Comment.status.in_(STANDING_STATUSES),
        )
        .limit(1)
    ).first()
    if repeat is not None:
        raise Conflict("You have already said this.", code="repeat")
