"""Keeps the counters readers see equal to the rows: gathers changes, applies them in one go."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.ranking import rank
from service.models import Article, Comment, Reader, visible_change
from service.usecases.tell_repliers import tell_of_replies

REFUSED = frozenset({CommentStatus.REJECTED.value, CommentStatus.REMOVED.value})


class VisibleChanges:
    """What a transaction changed in what readers see.

    Rows are updated in the order of their ids, so that two transactions never wait for each
    other in a circle.
    """

    def __init__(self) -> None:
        self._articles: Counter[UUID] = Counter()
        self._threads: Counter[UUID] = Counter()
        self._approved: Counter[UUID] = Counter()
        self._rejected: Counter[UUID] = Counter()
        self._new_replies: list[UUID] = []

    def add(self, comment: Comment, *, old: str) -> None:
        """Note that `comment` had the status `old` and now has another."""
        delta = visible_change(old, comment.status)
        self._rejected[comment.reader_id] += (comment.status in REFUSED) - (old in REFUSED)
        if delta == 0:
            return
        self._articles[comment.article_id] += delta
        self._approved[comment.reader_id] += delta
        if comment.parent_id is not None:
            self._threads[comment.root_id] += delta
            if delta > 0:
                self._new_replies.append(comment.id)

    def apply(self, session: Session) -> None:
        """Write the counters, and tell those who were answered."""
        session.flush()
        self._apply_threads(session)
        for reader_id in sorted(self._approved.keys() | self._rejected.keys()):
            approved, rejected = self._approved[reader_id], self._rejected[reader_id]
            if approved or rejected:
                session.execute(
                    update(Reader)
                    .where(Reader.id == reader_id)
                    .values(
                        approved_count=Reader.approved_count + approved,
                        rejected_count=Reader.rejected_count + rejected,
                    )
                    .execution_options(synchronize_session=False)
                )
        for article_id in sorted(self._articles):
            session.execute(
                update(Article)
                .where(Article.id == article_id)
                .values(published_count=Article.published_count + self._articles[article_id])
                .execution_options(synchronize_session=False)
            )

        if self._new_replies:
            tell_of_replies(session, self._new_replies)

    def _apply_threads(self, session: Session) -> None:
        """Replies change a thread's rank too; its row is locked from the first statement on."""
        ranks: list[dict[str, UUID | float]] = []
        for thread_id in sorted(self._threads):
            now = session.execute(
                update(Comment)
                .where(Comment.id == thread_id)
                .values(visible_replies=Comment.visible_replies + self._threads[thread_id])
                .returning(Comment.visible_replies, Comment.reactions, Comment.advance)
                .execution_options(synchronize_session=False)
            ).one()
            reactions = sum(now.reactions.values())
            new = rank(reactions=reactions, replies=now.visible_replies, advance=now.advance)
            ranks.append({"id": thread_id, "rank": new})
        if ranks:
            session.execute(update(Comment), ranks)
