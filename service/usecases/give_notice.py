"""Somebody gives notice of illegal content; nobody needs an account for it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.guideline import Policy
from service.domain.notice import (
    ANONYMOUS,
    REFERENCE_ALPHABET,
    REFERENCE_CHARS,
    NoticeCategory,
    check_notice,
    check_noticeable,
    clause_of,
    clean_explanation,
    clean_particulars,
    floor_of,
    queue_of,
)
from service.domain.report import NoticeState
from service.models import Comment, Notice, Reader, Site, new_id
from service.usecases.context import Context
from service.usecases.lock_comment import lock_comment
from service.usecases.notify import notify
from service.usecases.open_review import open_review

SECRET_PREFIX = "nt_"  # noqa: S105 - how one begins, not one
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFields:
    """What a notifier says (`service/domain/notice.py` tells what is needed when)."""

    category: NoticeCategory
    explanation: str
    good_faith: bool
    name: str | None = None
    email: str | None = None
    law: str | None = None
    particulars: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """The stored notice, and the secret that opens its page: shown now and never again."""

    notice: Notice
    secret: str


def give_notice(
    ctx: Context, *, site: Site, comment_id: UUID, reader: Reader | None, fields: NoticeFields
) -> Given:
    """Store a notice with a snapshot of the text and put it before the moderators, first of all.

    1. It is complete: name and address except for child sexual abuse, and good faith.
    2. The comment is or once was public. 3. Every notice is kept, however many there are, and
    each opens the review again, also of a comment somebody approved. Nothing is hidden by it.

    Raises Invalid naming the fields, or NotFound.
    """
    check_notice(
        category=fields.category,
        name=fields.name,
        email=fields.email,
        good_faith=fields.good_faith,
    )
    explanation = clean_explanation(fields.explanation)
    particulars = clean_particulars(fields.category, fields.particulars)
    secret = SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    policy, now = ctx.policy(site.id), ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        comment = lock_comment(session, comment_id, site_id=site.id)
        check_noticeable(CommentStatus(comment.status), comment.published_at)
        notice = Notice(
            id=new_id(),
            site_id=site.id,
            article_id=comment.article_id,
            comment_id=comment.id,
            reference=_new_reference(session, now),
            secret_hash=ctx.credentials.hash_api_key(secret),
            category=fields.category.value,
            explanation=explanation,
            law=fields.law or None,
            particulars=particulars,
            name=fields.name or None,
            email=fields.email or None,
            reader_id=_sender(reader, fields),
            good_faith=True,
            revision=comment.revision,
            body_hash=hashlib.sha256(comment.body.encode()).hexdigest(),
            state=NoticeState.OPEN.value,
            due_at=now + _time_to_decide(policy, fields.category),
            created_at=now,
        )
        session.add(notice)
        _follow_up(session, comment, notice, policy, now)
    return Given(notice, secret)


def _new_reference(session: Session, now: datetime) -> str:
    """A reference people can read out: `N-2026-7KX4TW`; drawn again if it was given before."""
    while True:
        drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_CHARS))
        reference = f"N-{now.year}-{drawn}"
        taken = session.scalar(select(Notice.id).where(Notice.reference == reference))
        if taken is None:
            return reference


def _sender(reader: Reader | None, fields: NoticeFields) -> UUID | None:
    """Whoever leaves out the name where that is allowed stays unknown, also when signed in."""
    if reader is None or (fields.category in ANONYMOUS and not fields.email):
        return None
    return reader.id


def _time_to_decide(policy: Policy, category: NoticeCategory) -> timedelta:
    return timedelta(minutes=policy.queues[queue_of(category)].sla_minutes)


def _follow_up(
    session: Session, comment: Comment, notice: Notice, policy: Policy, now: datetime
) -> None:
    category = NoticeCategory(notice.category)
    actor = "reader" if notice.reader_id else "anyone"
    data = {"notice": str(notice.id), "category": notice.category}
    session.add(
        comment.event("notice.received", actor=actor, actor_id=notice.reader_id, now=now, data=data)
    )
    session.flush()
    notify(
        session,
        site_id=notice.site_id,
        kind="notice.received",
        now=now,
        notice_id=notice.id,
        comment_id=comment.id,
        data={"reference": notice.reference},
    )
    open_review(
        session,
        comment,
        queue_of(category),
        policy=policy,
        now=now,
        guideline=clause_of(category, policy),
        floor=floor_of(category),
    )
