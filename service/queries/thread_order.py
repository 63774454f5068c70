"""In which order threads come: every sort is one section after another, each by an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true, tuple_

from service.domain.comment import CommentStatus
from service.models import Comment

PUBLISHED = CommentStatus.PUBLISHED.value
# What a position can hold besides the id and whether the thread is demoted.
RANK, FEATURED_AT = "rank", "featured_at"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list: what is ranked lower comes last, and the id orders the rest by time.

    Where a list has another order besides, the value it goes by: `rank` or `featured_at`.
    """

    id: UUID
    demoted: bool = False
    rank: float | None = None
    featured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Threads that meet one condition, in the order of one key and then of their ids.

    `key` is RANK, FEATURED_AT or None: by id alone, which is by time. Picks come together whether
    they are demoted or not; all other sections hold the one or the other.
    """

    condition: ColumnElement[bool] = field(default_factory=true)
    key: str | None = None
    demoted: bool = False
    descending: bool = True

    def holds(self, position: Position) -> bool:
        """Whether a position is one of this section."""
        known = {name for name in (RANK, FEATURED_AT) if getattr(position, name) is not None}
        return position.demoted == self.demoted and known == {self.key} - {None}

    def position_of(self, comment: Comment) -> Position:
        """Where a comment of this section stands."""
        value = {self.key: getattr(comment, self.key)} if self.key is not None else {}
        return Position(comment.id, self.demoted, **value)

    def threads(self, article_id: UUID, after: Position | None) -> Select[Comment]:
        """The section's threads under an article, from the first or from after a position.

        The article is named by two bounds, not by equality: with equality the order is that of
        the ids, and the planner may walk the primary key through everybody else's comments.
        """
        prefix: list[Any] = [Comment.article_id]
        start: list[Any] = [article_id]
        if self.key != FEATURED_AT:
            prefix.append(Comment.demoted)
            start.append(self.demoted)
        names = [self.key, "id"] if self.key is not None else ["id"]
        columns = prefix + [getattr(Comment, name) for name in names]
        here, there = tuple_(*prefix), tuple_(*start)
        query = select(Comment).where(_LISTED, self.condition)
        query = query.where(here >= there if self.descending else here <= there)
        if after is None:
            query = query.where(here <= there if self.descending else here >= there)
        else:
            start += [getattr(after, name) for name in names]
            here, there = tuple_(*columns), tuple_(*start)
            query = query.where(here < there if self.descending else here > there)
        return query.order_by(*(c.desc() if self.descending else c for c in columns))


_LISTED = and_(
    Comment.parent_id.is_(None), or_(Comment.status == PUBLISHED, Comment.visible_replies > 0)
)
# The condition of the index on featured threads, so that it is used.
_PICKED = and_(Comment.status == PUBLISHED, Comment.featured_at.is_not(None))
_UNPICKED = or_(Comment.status != PUBLISHED, Comment.featured_at.is_(None))

SECTIONS: dict[str, tuple[Section, ...]] = {
    "newest": (Section(), Section(demoted=True)),
    "oldest": (Section(descending=False), Section(demoted=True, descending=False)),
    "top": (Section(key=RANK), Section(key=RANK, demoted=True)),
    "featured": (
        Section(_PICKED, key=FEATURED_AT),
        Section(_UNPICKED),
        Section(_UNPICKED, demoted=True),
    ),
}
SORTS = tuple(SECTIONS)


def fits(sort: str, position: Position) -> bool:
    """Whether a position is one of this sort's lists."""
    return any(section.holds(position) for section in SECTIONS[sort])


def sections_after(sort: str, after: Position | None) -> Iterator[tuple[Section, Position | None]]:
    """What is left of a sort: the section of `after` from there on, then the further ones whole.

    A position of another list has no place in this one, and nothing follows it.
    """
    begun = after is None
    for section in SECTIONS[sort]:
        if begun:
            yield section, None
        elif after is not None and section.holds(after):
            begun = True
            yield section, after
