"""Reads on notices of illegal content: one's own by its reference, and the moderators' list."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from service.domain.errors import NotFound
from service.domain.report import NoticeState
from service.models import Comment, Decision, Notice
from service.queries.comments import Page
from service.queries.thread_order import Position


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """A notice with the decision on it, if there is one."""

    notice: Notice
    decision: Decision | None

    def told(self, now: datetime) -> bool:
        """Whether its sender may know the decision: not while it can still be undone."""
        return self.decision is not None and self.decision.final_at <= now


def find_notice(session: Session, *, site_id: UUID, reference: str, secret_hash: str) -> NoticeSeen:
    """A notice by reference and secret. Raises NotFound, the same for either being wrong."""
    row = session.execute(
        select(Notice, Decision)
        .join(Decision, Decision.id == Notice.decision_id, isouter=True)
        .where(Notice.site_id == site_id, Notice.reference == reference)
    ).one_or_none()
    if row is None or not hmac.compare_digest(row[0].secret_hash, secret_hash):
        raise NotFound("There is no notice by this reference and secret.", code="notice_not_found")
    return NoticeSeen(row[0], row[1])


def get_notice(session: Session, notice_id: UUID, *, site_id: UUID) -> NoticeSeen:
    """A notice of a site by its id. Raises NotFound."""
    row = session.execute(
        select(Notice, Decision)
        .join(Decision, Decision.id == Notice.decision_id, isouter=True)
        .where(Notice.site_id == site_id, Notice.id == notice_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no notice with this id.", code="notice_not_found")
    return NoticeSeen(row[0], row[1])


def notice_page(
    session: Session, *, site_id: UUID, state: NoticeState, after: Position | None, limit: int
) -> Page[NoticeSeen]:
    """One page of a site's notices: open ones by when they are due, decided ones newest first."""
    is_open = state is NoticeState.OPEN
    moment = Notice.due_at if is_open else Notice.created_at
    query = (
        select(Notice, Decision)
        .join(Decision, Decision.id == Notice.decision_id, isouter=True)
        .where(Notice.site_id == site_id, Notice.state == state.value)
        .limit(limit + 1)
    )
    if after is not None:
        place = select(moment, Notice.id).where(Notice.id == after.id, Notice.site_id == site_id)
        here = tuple_(moment, Notice.id)
        bound = place.scalar_subquery()
        query = query.where(here > bound if is_open else here < bound)
    order = (moment, Notice.id) if is_open else (moment.desc(), Notice.id.desc())
    rows = session.execute(query.order_by(*order)).all()
    seen = [NoticeSeen(notice, decision) for notice, decision in rows[:limit]]
    return Page(seen, Position(seen[-1].notice.id) if len(rows) > limit else None)


def notices_on(session: Session, comment_id: UUID) -> Sequence[Notice]:
    """All notices on a comment, oldest first."""
    return session.scalars(
        select(Notice).where(Notice.comment_id == comment_id).order_by(Notice.id)
    ).all()


def noticed_comment(session: Session, notice: Notice) -> Comment:
    """The comment a notice is about."""
    return session.get_one(Comment, notice.comment_id)
