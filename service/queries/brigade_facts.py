"""What is known of a burst of reports on one comment, for the brigade test."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from service.domain.brigade import FEWEST_REPORTS, BurstFacts
from service.domain.reliability import Reliability
from service.models import Article, Comment, Report

BURST_WINDOW = timedelta(hours=1)
USUAL_WINDOW = timedelta(days=7)
# A new article is taken to be a day old: minutes of silence say nothing of its usual rate.
YOUNGEST = timedelta(days=1)
# What an article without reports is taken to have had.
PRIOR_REPORTS = 1
OVERLAP_WINDOW = timedelta(days=7)
AUTHOR_WINDOW = timedelta(days=1)
OTHER_COMMENTS = 2


def within_burst(reports: Sequence[Report], now: datetime) -> list[Report]:
    """The reports of the last hour."""
    return [report for report in reports if report.updated_at > now - BURST_WINDOW]


def burst_facts(
    session: Session,
    comment: Comment,
    burst: Sequence[Report],
    records: Mapping[UUID, Reliability],
    now: datetime,
) -> BurstFacts:
    """The facts of a burst (`within_burst`) of one or more reports on a comment.

    `records` by report id tell who has no history. The article's usual rate leaves this comment's
    own reports out: a burst must not make itself look usual.
    """
    size = len(burst)
    if size < FEWEST_REPORTS:
        return BurstFacts(reports=size, usual=0.0, fresh=0.0)
    networks = Counter(report.network_hash for report in burst if report.network_hash)
    return BurstFacts(
        reports=size,
        usual=_usual(session, comment, now),
        fresh=sum(not records[report.id].known for report in burst) / size,
        overlapping=_overlapping(session, comment, burst, now) / size,
        same_network=max(networks.values(), default=0) / size,
        author_bursts=_author_bursts(session, comment, now),
    )


def _usual(session: Session, comment: Comment, now: datetime) -> float:
    others = session.scalar(
        select(func.count())
        .select_from(Report)
        .where(
            Report.article_id == comment.article_id,
            Report.created_at > now - USUAL_WINDOW,
            Report.comment_id != comment.id,
        )
    )
    since = session.execute(
        select(Article.created_at).where(Article.id == comment.article_id)
    ).scalar_one()
    span = min(USUAL_WINDOW, max(YOUNGEST, now - since))
    return ((others or 0) + PRIOR_REPORTS) * (BURST_WINDOW / span)


def _overlapping(session: Session, comment: Comment, burst: Sequence[Report], now: datetime) -> int:
    """How many of the reporters reported two or more other comments together with another one."""
    readers = {report.reader_id for report in burst if report.reader_id}
    guests = {report.guest_hash for report in burst if report.guest_hash}
    rows = session.execute(
        select(Report.comment_id, Report.reader_id, Report.guest_hash).where(
            or_(Report.reader_id.in_(readers), Report.guest_hash.in_(guests)),
            Report.created_at > now - OVERLAP_WINDOW,
            Report.comment_id != comment.id,
        )
    )
    together: dict[UUID, set[object]] = defaultdict(set)
    for comment_id, reader_id, guest_hash in rows:
        together[comment_id].add(reader_id or guest_hash)
    shared = Counter(who for group in together.values() if len(group) > 1 for who in group)
    return sum(count >= OTHER_COMMENTS for count in shared.values())


def _author_bursts(session: Session, comment: Comment, now: datetime) -> int:
    """The author's comments that drew a burst's worth of reports within a day."""
    crowded = (
        select(Report.comment_id)
        .where(Report.author_id == comment.reader_id, Report.created_at > now - AUTHOR_WINDOW)
        .group_by(Report.comment_id)
        .having(func.count() >= FEWEST_REPORTS)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(crowded)) or 0
