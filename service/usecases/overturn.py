"""Put right what an appeal was right about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.domain.action import ModeratorAction
from service.domain.appeal import Party
from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.comment import CommentStatus
from service.domain.report import NoticeState, ReportState
from service.models import Appeal, Comment, Decision, Notice, Report, ReviewItem, Sanction, new_id
from service.usecases.close_reports import close_reports, turn_reports
from service.usecases.context import Context, Transaction
from service.usecases.file_appeal import RESTRICTABLE
from service.usecases.identify_caller import SignedInModerator
from service.usecases.reader_standing import (
    OVERTURNED,
    end_sanction,
    lock_reader,
    refresh_standing,
)
from service.usecases.reverse_decision import reverse_decision
from service.usecases.take_decision import take_decision
from service.usecases.turn_notices import turn_notices

# Whoever appealed was heard; there is nothing to undo in silence.
NO_UNDO = timedelta(0)


def overturn(
    tx: Transaction,
    ctx: Context,
    *,
    appeal: Appeal,
    decision: Decision,
    comment: Comment | None,
    item: ReviewItem | None,
    actor: SignedInModerator,
    guideline: str | None,
    note: str,
) -> Decision | None:
    """Carry out an overturning; gives the decision that does it, None where nothing is left to do.

    Comment and item are locked. Raises Invalid naming `guideline` where a comment is to be
    restricted without one, or Conflict where the comment has changed since.
    """
    if decision.reversed_at is not None:
        return None  # somebody reversed it meanwhile
    if comment is None:
        return _end_sanction(ctx, tx.session, decision, actor, note)
    if appeal.party != Party.AUTHOR:
        return _restrict(tx, ctx, decision, comment, item, actor, guideline=guideline, note=note)
    reversal = reverse_decision(
        tx,
        ctx,
        decision=decision,
        comment=comment,
        actor=actor,
        source=DecisionSource.APPEAL,
        note=note,
        undo=False,
    )
    _turn_notices(ctx, tx.session, decision, comment, NoticeState.DISMISSED)
    return reversal


def _restrict(
    tx: Transaction,
    ctx: Context,
    decision: Decision,
    comment: Comment,
    item: ReviewItem | None,
    actor: SignedInModerator,
    *,
    guideline: str | None,
    note: str,
) -> Decision | None:
    if CommentStatus(comment.status) not in RESTRICTABLE:
        return None  # it is gone already
    session, now = tx.session, ctx.clock()
    if decision.reverses_id is not None:
        _hand_over(session, decision.reverses_id, decision.id)
    row = take_decision(
        tx,
        ctx,
        comment=comment,
        action=ModeratorAction.REJECT,
        guideline=guideline,
        note=note,
        actor=actor,
        source=DecisionSource.APPEAL,
        item=item,
        undo_window=NO_UNDO,
        reverses=decision,
    )
    decision.reversed_at = now
    turn_reports(session, decision=decision, state=ReportState.UPHELD, now=now)
    close_reports(
        session, comment=comment, decision=row, state=ReportState.UPHELD, now=now, send_at=now
    )
    _turn_notices(ctx, session, decision, comment, NoticeState.UPHELD)
    session.flush()
    _hand_over(session, decision.id, row.id)
    return row


def _hand_over(session: Session, old: UUID, new: UUID) -> None:
    """Reports and notices one decision answered now hang on another: its reversal turns them."""
    for table in (Report, Notice):
        session.execute(update(table).where(table.decision_id == old).values(decision_id=new))


def _turn_notices(
    ctx: Context, session: Session, decision: Decision, comment: Comment, state: NoticeState
) -> None:
    """Notices the decision answered otherwise are answered anew, and their senders told."""
    otherwise = session.scalar(
        select(Notice.id)
        .where(
            Notice.comment_id == comment.id,
            Notice.decision_id == decision.id,
            Notice.state != state.value,
        )
        .limit(1)
    )
    if otherwise is not None:
        policy = ctx.policy(comment.site_id)
        turn_notices(
            session,
            decision=decision,
            comment=comment,
            state=state,
            policy=policy,
            now=ctx.clock(),
        )


def _end_sanction(
    ctx: Context, session: Session, decision: Decision, actor: SignedInModerator, note: str
) -> Decision:
    """End the sanction a decision on a reader imposed, by a decision of its own."""
    now = ctx.clock()
    reader = lock_reader(session, decision.reader_id, site_id=decision.site_id)
    before = reader.standing
    sanctions = session.scalars(select(Sanction).where(Sanction.decision_id == decision.id))
    for sanction in sanctions.all():
        # One that ran out is marked too: it no longer counts as a warning that was served.
        end_sanction(
            session, sanction, reason=OVERTURNED, now=now, actor="moderator", actor_id=actor.id
        )
    refresh_standing(session, reader, now)
    decision.reversed_at = now
    row = Decision(
        id=new_id(),
        site_id=decision.site_id,
        reader_id=reader.id,
        action="reverse",
        rules=[],
        signals={},
        policy_version=ctx.policy(decision.site_id).version,
        source=DecisionSource.APPEAL.value,
        automated=False,
        automated_detection=False,
        automated_decision=AutomatedDecision.NOT.value,
        actor_id=actor.id,
        note=note,
        from_status=before,
        to_status=reader.standing,
        reverses_id=decision.id,
        final_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
