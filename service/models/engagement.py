"""Roll-ups of the conversation: one row per article and day, sums per section, site and day.

Every number in them can be counted again from the rows they come from; nothing but figures is
read from here, and nothing is ever decided by them.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import (
    BigInteger,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, utc_now

SECTION_MAX = 80


class ReaderNumbers(TypeDecorator[BitMap]):
    """A set of readers' numbers as a compressed bitmap: a year's distinct readers are a union."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: BitMap | None, dialect: Dialect) -> bytes | None:
        """The bitmap's portable form."""
        return None if value is None else value.serialize()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> BitMap | None:
        """The bitmap again."""
        return None if value is None else BitMap.deserialize(value)


class Counts:
    """What is counted of a day's comments. Everything counts on the day the comment was posted."""

    comments: Mapped[int] = mapped_column(default=0)
    # By the status they have now; together they are all comments.
    pending: Mapped[int] = mapped_column(default=0)
    published: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    erased: Mapped[int] = mapped_column(default=0)
    # Published, and no person had to look.
    unaided: Mapped[int] = mapped_column(default=0)
    # Published top-level comments; those somebody else answered; those whose thread ever left
    # its article, and those whose thread is away from it now.
    threads: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    threads_left: Mapped[int] = mapped_column(default=0)
    threads_adrift: Mapped[int] = mapped_column(default=0)
    # Published replies, and how deep published comments lie in sum and at most.
    replies: Mapped[int] = mapped_column(default=0)
    depth_sum: Mapped[int] = mapped_column(default=0)
    depth_max: Mapped[int] = mapped_column(default=0)
    reactions: Mapped[int] = mapped_column(default=0)
    # Reports, and comments with one that was not found wrong.
    reports: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
    featured: Mapped[int] = mapped_column(default=0)
    # Who posted.
    readers: Mapped[BitMap] = mapped_column(ReaderNumbers)
    # Seconds from each answered thread's comment to its first answer: 32-bit little-endian.
    reply_seconds: Mapped[bytes] = mapped_column(LargeBinary, default=b"")


class EngagementCell(Counts, Base):
    """One article's comments of one day (UTC). `section` is the article's, empty for none."""

    __tablename__ = "engagement_cell"
    __table_args__ = (
        Index(
            "ix_engagement_cell_site_day",
            "site_id",
            "day",
            postgresql_include=["article_id", "section", "comments"],
        ),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    section: Mapped[str] = mapped_column(String(SECTION_MAX), default="")


class EngagementDay(Counts, Base):
    """The sum of one day's cells: of the whole site, or of one section of it."""

    __tablename__ = "engagement_day"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    whole: Mapped[bool] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(String(SECTION_MAX), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    # Readers whose first comment on the site was on this day; of the whole site only.
    newcomers: Mapped[BitMap | None] = mapped_column(ReaderNumbers)


class EngagementArticle(Base):
    """How long an article waited for its first published comment."""

    __tablename__ = "engagement_article"
    __table_args__ = (
        Index(
            "ix_engagement_article_first",
            "site_id",
            "first_comment_at",
            postgresql_include=["section", "first_comment_seconds"],
        ),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    section: Mapped[str] = mapped_column(String(SECTION_MAX), default="")
    first_comment_at: Mapped[datetime | None]
    first_comment_seconds: Mapped[int | None] = mapped_column(Integer)


class EngagementReader(Base):
    """A small number for everybody who commented, so that sets of readers are bitmaps.

    The number says no more than the reader's id on the comments does: it leads to the reader's
    row and nowhere else, and once that row is erased it leads to nobody.
    """

    __tablename__ = "engagement_reader"
    __table_args__ = (Index("ix_engagement_reader_first_day", "site_id", "first_day"),)

    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    number: Mapped[int] = mapped_column(Integer, Identity(always=True))
    # The day of the first comment on the site, of the days rolled up so far.
    first_day: Mapped[date | None]


class EngagementTouch(Base):
    """A cell to be counted again for a reason the log does not tell. Appended, then used up."""

    __tablename__ = "engagement_touch"
    __table_args__ = (Index("ix_engagement_touch_site", "site_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id"))
    day: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class EngagementCursor(Base):
    """Up to which position of the site's sealed log the roll-ups have come."""

    __tablename__ = "engagement_cursor"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, default=0)
