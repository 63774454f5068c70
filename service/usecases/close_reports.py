"""What a decision on a comment makes of the reports on it, and what their senders are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.domain.action import KEEPING, RESTRICTIVE, ModeratorAction
from service.domain.report import ReportState
from service.models import Comment, Decision, Notification, Report
from service.queries.reports import open_reports
from service.usecases.notify import notify

OUTCOME = "report.outcome"


def close_reports(
    session: Session,
    *,
    comment: Comment,
    decision: Decision,
    state: ReportState,
    now: datetime,
    send_at: datetime,
) -> list[Report]:
    """Close the open reports on a locked comment; gives those it closed.

    `state`: upheld where the decision restricts the comment, dismissed where it keeps it,
    invalidated where it says nothing of the reports. Reporters with an account are told at
    `send_at`.
    """
    reports = list(open_reports(session, comment.id))
    if not reports:
        return []
    for report in reports:
        report.state, report.decision_id, report.decided_at = state.value, decision.id, now
    _log(session, comment, decision, state, len(reports), now)
    tell_reporters(session, reports, state=state, decision_id=decision.id, now=now, send_at=send_at)
    return reports


def answer_reports(
    session: Session, *, comment: Comment, decision: Decision, action: ModeratorAction
) -> list[Report]:
    """Close the open reports as a person's closing `action` answers them; gives those it closed.

    1. Who asks the author for a change leaves them open. 2. A restriction upholds them, keeping
    the comment dismisses them. 3. Anything else says nothing of them: they are invalidated.
    """
    if action is ModeratorAction.REQUEST_EDIT:
        return []
    state = ReportState.DISMISSED if action in KEEPING else ReportState.INVALIDATED
    if action in RESTRICTIVE:
        state = ReportState.UPHELD
    return close_reports(
        session,
        comment=comment,
        decision=decision,
        state=state,
        now=decision.created_at,
        send_at=decision.final_at,
    )


def turn_reports(session: Session, *, decision: Decision, state: ReportState, now: datetime) -> int:
    """The reports a decision closed get another state after its reversal; says how many.

    Open: as if the decision had not been; whoever was not told yet is not told. Otherwise their
    senders learn of the new outcome at once.
    """
    reports = list(
        session.scalars(
            select(Report)
            .where(Report.comment_id == decision.comment_id, Report.decision_id == decision.id)
            .order_by(Report.id)
        )
    )
    if not reports or decision.comment_id is None:
        return 0
    reopened = state is ReportState.OPEN
    for report in reports:
        report.state = state.value
        if reopened:
            report.decision_id = report.decided_at = None
    session.execute(
        delete(Notification).where(
            Notification.decision_id == decision.id,
            Notification.kind == OUTCOME,
            Notification.send_at > now,
        )
    )
    comment = session.get_one(Comment, decision.comment_id)
    _log(session, comment, decision, state, len(reports), now)
    if not reopened:
        tell_reporters(session, reports, state=state, decision_id=decision.id, now=now, send_at=now)
    return len(reports)


def tell_reporters(
    session: Session,
    reports: Sequence[Report],
    *,
    state: ReportState,
    decision_id: UUID | None,
    now: datetime,
    send_at: datetime,
) -> None:
    """One message to each reporter who has an account; visitors without one cannot be reached."""
    for report in reports:
        if report.reader_id is not None:
            notify(
                session,
                site_id=report.site_id,
                kind=OUTCOME,
                now=now,
                send_at=send_at,
                reader_id=report.reader_id,
                comment_id=report.comment_id,
                decision_id=decision_id,
                data={"report": str(report.id), "state": state.value},
            )


def _log(
    session: Session,
    comment: Comment,
    decision: Decision,
    state: ReportState,
    count: int,
    now: datetime,
) -> None:
    session.add(
        comment.event(
            "report.decided",
            actor="moderator" if decision.actor_id else "machine",
            actor_id=decision.actor_id,
            now=now,
            data={"decision": str(decision.id), "state": state.value, "reports": count},
        )
    )
