"""Readers with a record of reports, for the tests of reports and notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from service.models import Article, Comment, Event, Reader, Report, ReviewItem, Site
from service.usecases.context import Context
from service.usecases.report_comment import Received, Sender, report_comment
from tests.makers import Makers

LONG_AGO = timedelta(days=20)


def later(ctx: Context, **delta: float) -> Context:
    """The same context, some time later."""
    return replace(ctx, clock=lambda: ctx.clock() + timedelta(**delta))


class Reporting:
    """Reports on one article's comments by readers with and without a record."""

    def __init__(self, ctx: Context, make: Makers, site: Site, article: Article) -> None:
        self.ctx, self.make, self.site, self.article = ctx, make, site, article
        self._past: list[Comment] = []

    def comment(self, **fields: Any) -> Comment:
        """A public comment by a reader of its own."""
        return self.make.published(self.article, self.make.reader(self.site), **fields)

    def fresh(self) -> Reader:
        """A reader without a record."""
        return self.make.reader(self.site)

    def known(self, upheld: int = 6, dismissed: int = 0, family: str = "toxic") -> Reader:
        """A reader whose reports were upheld or dismissed so often, weeks ago."""
        reader = self.make.reader(self.site)
        total = upheld + dismissed
        while len(self._past) < total:
            self._past.append(self.comment())
        at = self.ctx.clock() - LONG_AGO
        with self.ctx.transaction() as tx:
            for place, comment in enumerate(self._past[:total]):
                tx.session.add(
                    Report(
                        site_id=self.site.id,
                        article_id=self.article.id,
                        comment_id=comment.id,
                        author_id=comment.reader_id,
                        reader_id=reader.id,
                        guideline="civil",
                        family=family,
                        revision=1,
                        body_hash="0" * 64,
                        state="upheld" if place < upheld else "dismissed",
                        created_at=at,
                        updated_at=at,
                        decided_at=at,
                    )
                )
        return reader

    def report(
        self,
        comment: Comment,
        reader: Reader | None,
        guideline: str = "civil",
        *,
        ctx: Context | None = None,
        address: str | None = None,
        user_agent: str = "",
        **fields: Any,
    ) -> Received:
        """One report through the use case."""
        return report_comment(
            ctx or self.ctx,
            site=self.site,
            comment_id=comment.id,
            sender=Sender(reader=reader, address=address, user_agent=user_agent),
            guideline=guideline,
            **fields,
        )

    def item(self, comment: Comment) -> ReviewItem | None:
        """The comment's review item, if it has one."""
        with self.ctx.reading() as session:
            return session.execute(
                select(ReviewItem).where(ReviewItem.comment_id == comment.id)
            ).scalar_one_or_none()

    def rows(self, comment: Comment) -> Sequence[Report]:
        """The stored reports on a comment, oldest first."""
        with self.ctx.reading() as session:
            return session.scalars(
                select(Report).where(Report.comment_id == comment.id).order_by(Report.id)
            ).all()

    def events(self, comment_id: UUID) -> list[str]:
        """The kinds of events about a comment, in order."""
        with self.ctx.reading() as session:
            return list(
                session.scalars(
                    select(Event.kind).where(Event.comment_id == comment_id).order_by(Event.id)
                )
            )
