"""Carry threads' drift estimates on, and see to threads that left their article or came back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.drift import ThreadDrift, ThreadState
from service.domain.guideline import Policy
from service.domain.scoring import RELEVANCE_LABEL, Assessment
from service.models import Article, Comment
from service.queries.thread_drift import LEFT, RETURNED
from service.usecases.context import Context
from service.usecases.follow_article_drift import follow_article_drift
from service.usecases.review_drift import close_drift, review_drift

CHANGES = {ThreadState.LEFT: "left", ThreadState.RETURNED: "returned"}


@dataclass(frozen=True, slots=True)
class _Change:
    """A thread that left its article, or came back, and the comment that showed it."""

    top: Comment
    drift: ThreadDrift
    shown_by: Comment


class DriftWatch:
    """What the comments of one transaction mean for their threads, in the order they came.

    The caller holds the locks on the comments and on the tops of their threads.
    """

    def __init__(self) -> None:
        self._changes: list[_Change] = []
        self._seen: set[UUID] = set()
        self._touched: set[UUID] = set()

    def count(
        self, session: Session, comment: Comment, assessment: Assessment, now: datetime
    ) -> float:
        """Let the comment have its turn in its thread's estimate; gives the value (0–1) with it.

        1. A comment has one turn. A later revision, or the same one scored again, changes nothing.
        2. Without any toxicity score it is held and scored again: it has its turn then.
        3. An unknown relevance has its turn and says nothing.
        """
        top = session.get_one(Comment, comment.root_id)
        before = _load(top.drift_state)
        self._seen.add(comment.article_id)
        if comment.drift_index is not None:
            return comment.drift or 0.0
        if not assessment.toxicity.values:
            return before.value
        comment.relevance = assessment.relevance.values.get(RELEVANCE_LABEL)
        comment.drift_index = before.comments
        drift = before.after(comment.relevance)
        top.drift, top.drift_state = drift.value, asdict(drift)
        if drift.state is not before.state:
            top.adrift_since = now if drift.state is ThreadState.LEFT else None
            self._changes.append(_Change(top, drift, comment))
        if drift.state is not before.state or drift.state is ThreadState.LEFT:
            self._touched.add(comment.article_id)
        return drift.value

    def follow(self, session: Session, policy_of: Callable[[UUID], Policy], now: datetime) -> None:
        """Write an event for each change; put a thread that left before the moderators, once."""
        for change in self._changes:
            policy, top = policy_of(change.top.site_id), change.top
            if change.drift.state is ThreadState.LEFT:
                told = {"review": review_drift(session, top, policy=policy, now=now)}
                kind, index = LEFT, change.drift.left_at
            else:
                told = {"closed": close_drift(session, top, now)}
                kind, index = RETURNED, change.drift.returned_at
            data = _data(session, change, index or 0)
            session.add(top.event(kind, actor="machine", now=now, data=data | told))
        if self._seen - self._touched:
            drifting = select(Article.id).where(
                Article.id.in_(self._seen), Article.drifting_since.is_not(None)
            )
            self._touched.update(session.scalars(drifting))

    def tell(self, ctx: Context) -> None:
        """After the commit: count the changes, and see what they make of their articles."""
        for change in self._changes:
            ctx.metrics.record_drift(CHANGES[change.drift.state])
        for article_id in sorted(self._touched):
            follow_article_drift(ctx, article_id=article_id)


def _data(session: Session, change: _Change, index: int) -> dict[str, Any]:
    """Where it happened: a departure shows some comments after the one it began with."""
    where: UUID | None = change.shown_by.id
    if index != change.shown_by.drift_index:
        session.flush()
        where = session.scalar(
            select(Comment.id).where(Comment.root_id == change.top.id, Comment.drift_index == index)
        )
    return {
        "comment": str(where or change.shown_by.id),
        "index": index,
        "noticed_by": str(change.shown_by.id),
        "estimate": round(change.drift.value, 4),
        "comments": change.drift.comments,
    }


def _load(stored: dict[str, Any] | None) -> ThreadDrift:
    if not stored:
        return ThreadDrift()
    return ThreadDrift(**stored | {"state": ThreadState(stored["state"])})
