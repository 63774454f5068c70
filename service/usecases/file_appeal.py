"""Somebody whom a decision concerns asks for another person to look at it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.appeal import Party, check_can_appeal, clean_words
from service.domain.comment import CommentStatus
from service.domain.errors import Conflict, NotFound
from service.domain.report import NoticeState, ReportState
from service.models import (
    Appeal,
    Comment,
    Decision,
    Notice,
    Report,
    Sanction,
    StatementOfReasons,
)
from service.usecases.context import Context
from service.usecases.lock_comment import lock_comment
from service.usecases.reader_standing import OVERTURNED, lock_reader
from service.usecases.store_appeal import Appellant, store_appeal

# A comment in another status has nothing left that could be restricted.
RESTRICTABLE = frozenset({CommentStatus.PUBLISHED, CommentStatus.HELD, CommentStatus.HIDDEN})


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where an appellant stands to a decision."""

    party: Party
    decision: Decision
    report_upheld: bool = False


def file_appeal(
    ctx: Context, *, site_id: UUID, decision_id: UUID, reader_id: UUID, body: str
) -> Appeal:
    """Appeal as the reader a decision concerns, or as a reader whose report it closed.

    A decision that can still be undone is not known to anybody, so it is not found either. A
    reporter who appeals against a decision that was reversed appeals against the reversal.

    Raises Invalid naming `body`, NotFound for strangers, or Conflict.
    """
    text = clean_words(body, field="body")
    with ctx.transaction() as tx:
        session = tx.session
        decision = _get_final(ctx, session, decision_id, site_id)
        comment = _lock(session, decision, site_id)
        found = _standing(session, decision, reader_id)
        _check(ctx, session, found, comment)
        return store_appeal(
            ctx,
            session,
            decision=found.decision,
            comment=comment,
            appellant=Appellant(found.party, reader_id=reader_id),
            body=text,
        )


def file_notice_appeal(
    ctx: Context, *, site_id: UUID, reference: str, secret: str, body: str
) -> Appeal:
    """Appeal as the sender of a notice, who has the notice's secret and needs no account.

    Raises Invalid naming `body`, NotFound where reference and secret do not fit, or Conflict
    (`notice_not_decided` among them).
    """
    text = clean_words(body, field="body")
    with ctx.transaction() as tx:
        session = tx.session
        notice = notice_by_secret(session, site_id=site_id, reference=reference, secret=secret)
        comment = lock_comment(session, notice.comment_id, site_id=site_id)
        session.refresh(notice)
        decision = session.get(Decision, notice.decision_id) if notice.decision_id else None
        if decision is None or decision.final_at > ctx.clock():
            raise Conflict("This notice has no decision yet.", code="notice_not_decided")
        upheld = notice.state == NoticeState.UPHELD
        found = _Standing(Party.NOTIFIER, _line(session, decision)[-1], upheld)
        _check(ctx, session, found, comment)
        return store_appeal(
            ctx,
            session,
            decision=found.decision,
            comment=comment,
            appellant=Appellant(Party.NOTIFIER, notice_id=notice.id),
            body=text,
        )


def appeal_of_notice(ctx: Context, *, site_id: UUID, reference: str, secret: str) -> Appeal:
    """The newest appeal of a notice's sender. Raises NotFound."""
    with ctx.reading() as session:
        notice = notice_by_secret(session, site_id=site_id, reference=reference, secret=secret)
        appeal = session.scalars(
            select(Appeal).where(Appeal.notice_id == notice.id).order_by(Appeal.id.desc()).limit(1)
        ).first()
    if appeal is None:
        raise NotFound("This notice has no appeal.", code="appeal_not_found")
    return appeal


def notice_by_secret(session: Session, *, site_id: UUID, reference: str, secret: str) -> Notice:
    """The notice of this reference, for whoever knows its secret. Raises NotFound."""
    notice = session.scalar(
        select(Notice).where(Notice.reference == reference, Notice.site_id == site_id)
    )
    digest = sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
    if notice is None or not compare_digest(notice.secret_hash, digest):
        raise NotFound("There is no notice by this reference.", code="notice_not_found")
    return notice


def _get_final(ctx: Context, session: Session, decision_id: UUID, site_id: UUID) -> Decision:
    decision = session.scalar(
        select(Decision).where(Decision.id == decision_id, Decision.site_id == site_id)
    )
    if decision is None or decision.final_at > ctx.clock():
        raise _not_found()
    return decision


def _lock(session: Session, decision: Decision, site_id: UUID) -> Comment | None:
    """Lock what the decision is about, so that it stays as it is while this is checked."""
    if decision.comment_id is not None:
        comment = lock_comment(session, decision.comment_id, site_id=site_id)
    else:
        lock_reader(session, decision.reader_id, site_id=site_id)
        comment = None
    session.refresh(decision)
    return comment


def _standing(session: Session, decision: Decision, reader_id: UUID) -> _Standing:
    if decision.reader_id == reader_id:
        return _Standing(Party.AUTHOR, decision)
    line = _line(session, decision)
    closed_by = {decision.reverses_id, *(one.id for one in line)} - {None}
    report = session.scalars(
        select(Report)
        .where(Report.decision_id.in_(closed_by), Report.reader_id == reader_id)
        .limit(1)
    ).first()
    if report is None:
        raise _not_found()
    upheld = report.state == ReportState.UPHELD
    return _Standing(Party.REPORTER, line[-1], upheld)


def _line(session: Session, decision: Decision) -> list[Decision]:
    """A decision, what reversed it, what reversed that, and so on to the one that stands."""
    line = [decision]
    while line[-1].reversed_at is not None:
        reversal = session.scalars(
            select(Decision)
            .where(Decision.reverses_id == line[-1].id)
            .order_by(Decision.id.desc())
            .limit(1)
        ).first()
        if reversal is None:
            break
        line.append(reversal)
    return line


def _check(ctx: Context, session: Session, found: _Standing, comment: Comment | None) -> None:
    decision = found.decision
    statement = session.scalar(
        select(StatementOfReasons.id).where(StatementOfReasons.decision_id == decision.id)
    )
    sanction = session.scalar(select(Sanction).where(Sanction.decision_id == decision.id))
    check_can_appeal(
        party=found.party,
        restricts=statement is not None or sanction is not None,
        report_upheld=found.report_upheld,
        in_force=_in_force(found, comment, sanction),
        reversed_at=decision.reversed_at,
        told_at=decision.final_at,
        now=ctx.clock(),
    )


def _in_force(found: _Standing, comment: Comment | None, sanction: Sanction | None) -> bool:
    if comment is None:
        return sanction is None or sanction.end_reason != OVERTURNED
    if found.party is not Party.AUTHOR:
        return CommentStatus(comment.status) in RESTRICTABLE
    decision = found.decision
    return decision.revision == comment.revision and decision.to_status == comment.status


def _not_found() -> NotFound:
    return NotFound(
        "There is no decision with this id that concerns you.", code="decision_not_found"
    )
