"""Reads on comments: pages of threads, replies, one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from service.domain.automation import DecisionSource
from service.domain.errors import NotFound
from service.models import Comment, Decision, StatementOfReasons
from service.queries.thread_order import PUBLISHED, Position, Section, sections_after

FIRST_REPLIES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Thread:
    """A top-level comment with its first replies."""

    root: Comment
    replies: Sequence[Comment]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the position after which the next page begins, if there is one."""

    items: Sequence[T]
    next: Position | None


def get_comment(session: Session, comment_id: UUID, *, site_id: UUID | None = None) -> Comment:
    """A comment with its reader, whatever its status. Raises NotFound."""
    query = _with_reader(select(Comment).where(Comment.id == comment_id))
    if site_id is not None:
        query = query.where(Comment.site_id == site_id)
    comment = session.execute(query).scalar_one_or_none()
    if comment is None:
        raise NotFound("There is no comment with this id.", code="comment_not_found")
    return comment


def thread_page(
    session: Session, *, article_id: UUID, sort: str, after: Position | None, limit: int
) -> Page[Thread]:
    """One page of threads, each with its first replies. `sort` is one of thread_order.SORTS.

    Comments lowered in rank (`demoted`) come after all others; their authors were told why.
    """
    found: list[tuple[Section, Comment]] = []
    for section, start in sections_after(sort, after):
        wanted = limit + 1 - len(found)
        query = _with_reader(section.threads(article_id, start)).limit(wanted)
        found += [(section, comment) for comment in session.scalars(query)]
        if len(found) > limit:
            break
    roots = [comment for _, comment in found[:limit]]
    replies = _first_replies(session, [c.id for c in roots if c.visible_replies])
    threads = [Thread(root, replies.get(root.id, ())) for root in roots]
    if len(found) <= limit:
        return Page(threads, None)
    last_section, last = found[limit - 1]
    return Page(threads, last_section.position_of(last))


def reply_page(
    session: Session, *, comment: Comment, after: Position | None, limit: int
) -> Page[Comment]:
    """Published comments below `comment`, oldest first: the whole branch, each with its parent."""
    query = _with_reader(
        select(Comment).where(
            Comment.root_id == comment.root_id,
            Comment.parent_id.is_not(None),
            Comment.status == PUBLISHED,
        )
    ).order_by(Comment.id)
    if comment.parent_id is not None:
        query = query.where(Comment.id.in_(_branch(comment)))
    if after is not None:
        query = query.where(Comment.id > after.id)
    return _page(session, query, limit)


def own_comments(
    session: Session, *, reader_id: UUID, after: Position | None, limit: int
) -> Page[Comment]:
    """A reader's own comments, newest first, whatever became of them."""
    query = _with_reader(select(Comment).where(Comment.reader_id == reader_id)).order_by(
        Comment.id.desc()
    )
    if after is not None:
        query = query.where(Comment.id < after.id)
    return _page(session, query, limit)


def statement_for(session: Session, comment: Comment) -> StatementOfReasons | None:
    """The newest statement of reasons about a comment, if it was ever restricted."""
    return session.execute(
        select(StatementOfReasons)
        .where(StatementOfReasons.comment_id == comment.id)
        .order_by(StatementOfReasons.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def latest_decision(session: Session, comment: Comment) -> Decision | None:
    """The newest decision on the present revision of a comment."""
    return session.execute(
        select(Decision)
        .where(Decision.comment_id == comment.id, Decision.revision == comment.revision)
        .order_by(Decision.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def latest_automated(session: Session, comment: Comment) -> Decision | None:
    """The newest thing the machine decided on the present revision."""
    return session.execute(
        select(Decision)
        .where(
            Decision.comment_id == comment.id,
            Decision.revision == comment.revision,
            Decision.automated,
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def rule_decision(session: Session, comment: Comment) -> Decision | None:
    """What the rules decided when the present revision was scored."""
    return session.execute(
        select(Decision).where(
            Decision.comment_id == comment.id,
            Decision.revision == comment.revision,
            Decision.automated,
            Decision.source == DecisionSource.RULE.value,
        )
    ).scalar_one_or_none()


def _with_reader(query: Select[Comment]) -> Select[Comment]:
    return query.options(joinedload(Comment.reader, innerjoin=True))


def _page(session: Session, query: Select[Comment], limit: int) -> Page[Comment]:
    rows = session.scalars(query.limit(limit + 1)).all()
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(rows[:limit], Position(last.id, last.demoted) if last is not None else None)


def _first_replies(session: Session, roots: Sequence[UUID]) -> dict[UUID, list[Comment]]:
    """The first FIRST_REPLIES replies of each thread, by one index range per thread."""
    if not roots:
        return {}
    root = select(func.unnest(list(roots)).label("id")).subquery()
    first = (
        select(Comment)
        .where(
            Comment.root_id == root.c.id,
            Comment.parent_id.is_not(None),
            Comment.status == PUBLISHED,
        )
        .order_by(Comment.id)
        .limit(FIRST_REPLIES)
        .lateral()
    )
    reply = aliased(Comment, first)
    query = (
        select(reply)
        .select_from(root.join(first, first.c.root_id == root.c.id))
        .options(joinedload(reply.reader, innerjoin=True))
        .order_by(reply.id)
    )
    found: dict[UUID, list[Comment]] = {}
    for comment in session.scalars(query):
        found.setdefault(comment.root_id, []).append(comment)
    return found


def _branch(comment: Comment) -> Select[UUID]:
    """Ids of everything below a reply, by following parents."""
    below = select(Comment.id).where(Comment.parent_id == comment.id).cte("below", recursive=True)
    child = aliased(Comment)
    below = below.union_all(select(child.id).join(below, child.parent_id == below.c.id))
    return select(below.c.id)
