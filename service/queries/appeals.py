"""Reads on appeals: their list, one with all that belongs to it, and who had a part before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from service.domain.appeal import AppealState
from service.domain.errors import NotFound
from service.models import (
    Appeal,
    Article,
    Comment,
    CommentRevision,
    Decision,
    Proposal,
    ReviewItem,
    Sanction,
    StatementOfReasons,
)
from service.queries.comments import Page
from service.queries.thread_order import Position


@dataclass(frozen=True, slots=True)
class AppealCase:
    """An appeal with the decision it is about; `item_id` is the comment's place in the queue."""

    appeal: Appeal
    decision: Decision
    statement: StatementOfReasons | None
    item_id: UUID | None
    article_key: str | None
    # The text as it was decided on; None for a decision on a reader.
    body: str | None


def is_late(appeal: Appeal, now: datetime) -> bool:
    """Whether the clock ran out before the appeal was decided."""
    return (appeal.decided_at or now) > appeal.due_at


def list_appeals(
    session: Session,
    *,
    site_id: UUID,
    state: AppealState | None,
    after: Position | None,
    limit: int,
) -> Page[AppealCase]:
    """One page of a site's appeals: those that wait oldest first, otherwise newest first."""
    waiting = state is AppealState.FILED
    query = _cases().where(Appeal.site_id == site_id)
    if state is not None:
        query = query.where(Appeal.state == state.value)
    query = query.order_by(Appeal.id if waiting else Appeal.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(Appeal.id > after.id if waiting else Appeal.id < after.id)
    return _page([_case(row) for row in session.execute(query)], limit)


def own_appeals(
    session: Session, *, reader_id: UUID, after: Position | None, limit: int
) -> Page[Appeal]:
    """A reader's own appeals, newest first."""
    query = select(Appeal).where(Appeal.reader_id == reader_id).order_by(Appeal.id.desc())
    if after is not None:
        query = query.where(Appeal.id < after.id)
    rows = session.scalars(query.limit(limit + 1)).all()
    return Page(rows[:limit], Position(rows[limit - 1].id) if len(rows) > limit else None)


def get_appeal(session: Session, appeal_id: UUID, *, site_id: UUID) -> AppealCase:
    """One appeal with what belongs to it. Raises NotFound."""
    query = _cases().where(Appeal.id == appeal_id, Appeal.site_id == site_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no appeal with this id.", code="appeal_not_found")
    return _case(row)


def took_part(session: Session, decision: Decision) -> set[UUID]:
    """Moderators who had a part in a decision, and so cannot judge an appeal against it.

    1. Whoever took it. 2. Both people of a decision that needed two. 3. Whoever found the breach
    that led to a sanction. 4. Whoever answered an earlier appeal against it.
    """
    cause = select(Sanction.cause_id).where(Sanction.decision_id == decision.id)
    people = [
        {decision.actor_id},
        session.scalars(select(Decision.actor_id).where(Decision.id.in_(cause))),
        session.scalars(select(Appeal.decided_by).where(Appeal.decision_id == decision.id)),
        *session.execute(
            select(Proposal.proposed_by, Proposal.settled_by).where(
                Proposal.decision_id == decision.id
            )
        ),
    ]
    return {person for group in people for person in group if person is not None}


def open_appeals(session: Session, comment_id: UUID) -> int:
    """How many appeals about a comment still wait for an answer."""
    found = session.scalars(
        select(Appeal.id).where(
            Appeal.comment_id == comment_id, Appeal.state == AppealState.FILED.value
        )
    )
    return len(found.all())


def _cases() -> Select[Appeal, Decision, StatementOfReasons, UUID, str, str]:
    return (
        select(
            Appeal, Decision, StatementOfReasons, ReviewItem.id, Article.key, CommentRevision.body
        )
        .join(Decision, Decision.id == Appeal.decision_id)
        .outerjoin(StatementOfReasons, StatementOfReasons.decision_id == Decision.id)
        .outerjoin(ReviewItem, ReviewItem.comment_id == Appeal.comment_id)
        .outerjoin(Comment, Comment.id == Appeal.comment_id)
        .outerjoin(Article, Article.id == Comment.article_id)
        .outerjoin(
            CommentRevision,
            (CommentRevision.comment_id == Decision.comment_id)
            & (CommentRevision.revision == Decision.revision),
        )
    )


def _case(row: Row[Appeal, Decision, StatementOfReasons, UUID, str, str]) -> AppealCase:
    appeal, decision, statement, item_id, article_key, body = row
    return AppealCase(appeal, decision, statement, item_id, article_key, body)


def _page(cases: list[AppealCase], limit: int) -> Page[AppealCase]:
    more = len(cases) > limit
    return Page(cases[:limit], Position(cases[limit - 1].appeal.id) if more else None)
