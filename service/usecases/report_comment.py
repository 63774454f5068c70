"""A reader or visitor says that a comment breaks a guideline."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.errors import Unauthenticated
from service.domain.guideline import Guideline, Policy
from service.domain.report import (
    ReportState,
    check_reportable,
    clean_detail,
    network_of,
    reopens,
    reportable,
    was_looked_at,
    week_of,
)
from service.models import Comment, Reader, Report, ReviewState, Site, new_id
from service.queries.reports import last_look
from service.usecases.context import Context, Transaction
from service.usecases.hide_reported import hide_reported
from service.usecases.lock_comment import lock_comment
from service.usecases.open_review import find_review, open_review, reprice
from service.usecases.weigh_reports import weigh_reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who reports: a reader, or a visitor of whom only address and browser are known."""

    reader: Reader | None
    address: str | None
    user_agent: str


@dataclass(frozen=True, slots=True)
class Received:
    """The stored report. `created` is False where the sender had reported the comment before."""

    report: Report
    created: bool


@dataclass(frozen=True, slots=True)
class _Hashes:
    """What is kept of a visitor for two weeks: nothing an outsider could look up."""

    guest: str | None
    network: str | None


def report_comment(
    ctx: Context,
    *,
    site: Site,
    comment_id: UUID,
    sender: Sender,
    guideline: str,
    detail: str | None = None,
) -> Received:
    """Store a report, weigh all of the comment's, and put it before the moderators.

    1. The guideline is one to report under, the comment can be seen and is somebody else's.
    2. One report per sender and comment: another one takes its place.
    3. Its review is opened or opened again, unless a person has lately looked at the same text
       under the same guideline; the report is kept all the same.
    4. Where reports and rules are all but certain the comment is hidden until a person has looked.

    Raises Invalid, Unauthenticated, NotFound, or Conflict `own_comment`, `comment_withdrawn`,
    `comment_removed`, `comment_being_checked`.
    """
    if sender.reader is None and not site.guests_allowed:
        raise Unauthenticated("Please sign in to report a comment.", code="credential_missing")
    policy = ctx.policy(site.id)
    clause = reportable(policy, guideline)
    text = clean_detail(detail)
    now = ctx.clock()
    hashes = _hashes(ctx, site.id, sender, now)
    with ctx.transaction() as tx:
        comment = lock_comment(tx.session, comment_id, site_id=site.id)
        is_own = sender.reader is not None and sender.reader.id == comment.reader_id
        check_reportable(
            CommentStatus(comment.status),
            is_own=is_own,
            was_public=comment.published_at is not None,
        )
        look = last_look(tx.session, comment, now)
        looked_at = was_looked_at(guideline, look, now)
        report = _find(tx.session, comment, sender, hashes)
        created = report is None
        if report is None:
            report = _new(comment, sender, hashes, now)
            tx.session.add(report)
        _fill(report, comment, clause, text, looked_at=looked_at, now=now)
        _log(tx.session, comment, report, created=created, now=now)
        _follow_up(tx, ctx, comment, report, policy, now)
    if created:
        ctx.metrics.record_report(report.guideline)
    return Received(report, created)


def _hashes(ctx: Context, site_id: UUID, sender: Sender, now: datetime) -> _Hashes:
    week, site = week_of(now), str(site_id)
    guest = None
    if sender.reader is None:
        guest = ctx.credentials.pseudonym(site, sender.address or "", sender.user_agent, week)
    network = network_of(sender.address)
    return _Hashes(guest, ctx.credentials.pseudonym(site, network, week) if network else None)


def _find(session: Session, comment: Comment, sender: Sender, hashes: _Hashes) -> Report | None:
    same = (
        Report.reader_id == sender.reader.id
        if sender.reader is not None
        else Report.guest_hash == hashes.guest
    )
    return session.execute(
        select(Report).where(Report.comment_id == comment.id, same)
    ).scalar_one_or_none()


def _new(comment: Comment, sender: Sender, hashes: _Hashes, now: datetime) -> Report:
    return Report(
        id=new_id(),
        site_id=comment.site_id,
        article_id=comment.article_id,
        comment_id=comment.id,
        author_id=comment.reader_id,
        reader_id=sender.reader.id if sender.reader else None,
        guest_hash=hashes.guest,
        network_hash=hashes.network,
        state=ReportState.OPEN.value,
        suspected=False,
        created_at=now,
    )


def _fill(
    report: Report,
    comment: Comment,
    clause: Guideline,
    detail: str | None,
    *,
    looked_at: bool,
    now: datetime,
) -> None:
    report.guideline, report.family, report.detail = clause.id, clause.queue, detail
    report.revision = comment.revision
    report.body_hash = hashlib.sha256(comment.body.encode()).hexdigest()
    report.already_reviewed, report.updated_at = looked_at, now
    if not looked_at:
        # What was decided before was about another text or guideline, or is long ago.
        report.state, report.decision_id, report.decided_at = ReportState.OPEN.value, None, None


def _log(
    session: Session, comment: Comment, report: Report, *, created: bool, now: datetime
) -> None:
    data = {
        "report": str(report.id),
        "guideline": report.guideline,
        "created": created,
        "already_reviewed": report.already_reviewed,
    }
    actor = "reader" if report.reader_id else "anyone"
    session.add(
        comment.event("report.received", actor=actor, actor_id=report.reader_id, now=now, data=data)
    )


def _follow_up(
    tx: Transaction,
    ctx: Context,
    comment: Comment,
    report: Report,
    policy: Policy,
    now: datetime,
) -> None:
    """Weigh, decide again, and open the review at the clause most reports name."""
    session = tx.session
    weighed = weigh_reports(session, comment, policy=policy, now=now)
    if weighed is None or report not in weighed.reports:
        return  # a muted sender's, or one that was answered: kept, and nothing follows
    p_violation = weighed.weight.p_violation
    if not reopens(looked_at=report.already_reviewed, p_violation=p_violation):
        item = find_review(session, comment)
        if item is None or item.state == ReviewState.DECIDED:
            return
    item = open_review(
        session,
        comment,
        weighed.family,
        policy=policy,
        now=now,
        p_violation=p_violation,
        guideline=weighed.guideline,
    )
    if hide_reported(tx, ctx, comment=comment, weighed=weighed, policy=policy, now=now):
        reprice(item, policy, visible=False, now=now)
