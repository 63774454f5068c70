"""Engagement counted the plain way, row by row: what the roll-ups must agree with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select

from service.domain.period import Period
from service.models import Article, Comment, Report, Site
from service.usecases.context import Context

STATUSES = (
    "pending",
    "published",
    "held",
    "hidden",
    "rejected",
    "removed",
    "withdrawn",
    "erased",
)
STANDING = {"open", "upheld"}
AWAY = {"left", "returned"}


class ByHand:
    """All rows of a site, read once; every figure is a loop over them."""

    def __init__(self, ctx: Context, site: Site) -> None:
        with ctx.reading() as session:
            self.comments = session.scalars(select(Comment).where(Comment.site_id == site.id)).all()
            self.articles = {
                article.id: article
                for article in session.scalars(select(Article).where(Article.site_id == site.id))
            }
            reports = session.scalars(select(Report).where(Report.site_id == site.id)).all()
        self.first_days: dict[Any, date] = {}
        for comment in sorted(self.comments, key=lambda c: c.created_at):
            self.first_days.setdefault(comment.reader_id, day_of(comment.created_at))
        self.reports: dict[Any, list[Report]] = defaultdict(list)
        for report in reports:
            self.reports[report.comment_id].append(report)

    def figures(
        self, period: Period, fits: Callable[[Article], bool] = lambda article: True
    ) -> dict[str, Any]:
        """The figures of the articles that fit."""
        mine = [c for c in self.comments if fits(self.articles[c.article_id])]
        posted = [c for c in mine if period.first <= day_of(c.created_at) <= period.last]
        public = [c for c in posted if c.status == "published"]
        threads = [c for c in public if c.parent_id is None]
        waits = [wait for thread in threads if (wait := self._answered_after(thread)) is not None]
        readers = {c.reader_id for c in posted}
        new = {r for r in readers if self.first_days[r] >= period.first}
        drifts = [(thread.drift_state or {}).get("state") for thread in threads]
        reactions = [sum(c.reactions.values()) for c in posted]
        return {
            "comments": len(posted),
            **{name: sum(c.status == name for c in posted) for name in STATUSES},
            "unaided": sum(c.human_decision == "none" for c in public),
            "readers": len(readers),
            "new_readers": len(new),
            "returning_readers": len(readers - new),
            "threads": len(threads),
            "answered": len(waits),
            "replies": len(public) - len(threads),
            "replies_per_comment": ratio(len(public) - len(threads), len(threads)),
            "depth_mean": ratio(sum(c.depth for c in public), len(public)),
            "depth_max": max((c.depth for c in public), default=0),
            "first_comment_seconds": middle(self._first_comments(period, fits)),
            "first_reply_seconds": middle(waits),
            "reactions": sum(reactions),
            "reports": sum(len(self.reports[c.id]) for c in posted),
            "reported": sum(any(r.state in STANDING for r in self.reports[c.id]) for c in posted),
            "featured": sum(c.featured_at is not None for c in public),
            "threads_left": sum(drift in AWAY for drift in drifts),
            "threads_adrift": drifts.count("left"),
        }

    def reader_days(self, period: Period, fits: Callable[[Article], bool]) -> int:
        """Distinct readers of each day, added up."""
        seen = {
            (c.reader_id, day)
            for c in self.comments
            if period.first <= (day := day_of(c.created_at)) <= period.last
            and fits(self.articles[c.article_id])
        }
        return len(seen)

    def regulars(self, last: date, fits: Callable[[Article], bool]) -> int:
        """Readers who commented on three or more of the 28 days up to `last`."""
        days: dict[Any, set[date]] = defaultdict(set)
        for comment in self.comments:
            day = day_of(comment.created_at)
            if last - timedelta(days=27) <= day <= last and fits(self.articles[comment.article_id]):
                days[comment.reader_id].add(day)
        return sum(len(found) >= 3 for found in days.values())

    def _answered_after(self, thread: Comment) -> int | None:
        answers = [
            c.created_at
            for c in self.comments
            if c.root_id == thread.id
            and c.parent_id is not None
            and c.status == "published"
            and c.reader_id != thread.reader_id
        ]
        return seconds(thread.created_at, min(answers)) if answers else None

    def _first_comments(self, period: Period, fits: Callable[[Article], bool]) -> list[int]:
        found = []
        for article in filter(fits, self.articles.values()):
            public = [
                c.created_at
                for c in self.comments
                if c.article_id == article.id and c.status == "published"
            ]
            if public and period.first <= day_of(min(public)) <= period.last:
                found.append(seconds(article.published_at or article.created_at, min(public)))
        return found


def day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def middle(values: Sequence[int]) -> float | None:
    return float(median(values)) if values else None
