"""Reverse a decision on a comment: put everything back that followed from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.domain.action import CommentState, ModeratorAction, flags_of
from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.comment import CommentStatus
from service.domain.errors import Conflict
from service.domain.report import NoticeState, ReportState
from service.models import Comment, Decision, Notification, StatementOfReasons, new_id
from service.usecases.close_reports import turn_reports
from service.usecases.context import Context, Transaction
from service.usecases.count_changes import count_move
from service.usecases.identify_caller import SignedInModerator
from service.usecases.notify import notify
from service.usecases.strikes import void_strikes
from service.usecases.take_decision import APPROVED, put_state, state_of
from service.usecases.turn_notices import turn_notices
from service.usecases.visible_changes import VisibleChanges

REVERSED, UNDONE = "reverse", "undo"
EVENTS = {REVERSED: "decision.reversed", UNDONE: "decision.undone"}
# What a comment goes back to; before its first decision it was pending, and now it is public.
BACK_TO = frozenset({CommentStatus.PUBLISHED, CommentStatus.HELD, CommentStatus.HIDDEN})
REFUSED = frozenset({CommentStatus.REJECTED, CommentStatus.REMOVED})


def reverse_decision(
    tx: Transaction,
    ctx: Context,
    *,
    decision: Decision,
    comment: Comment,
    actor: SignedInModerator,
    source: DecisionSource,
    note: str | None,
    undo: bool,
) -> Decision:
    """Put a locked comment back as it was before `decision`, inside the caller's transaction.

    1. Nothing came after it: the comment still is as the decision left it.
    2. Status and flags go back; a person's judgement goes with them. What an appeal was right
       about is public, also where it was refused while it waited for a person.
    3. Strikes of the decision are void and sanctions they led to end.
    4. Reports it closed are open again (undo), or turn round: upheld becomes dismissed.
    5. Undone, nobody was told and nobody is; reversed, the author is told.

    Raises Conflict `already_reversed`, `superseded` or `nothing_to_reverse`.
    """
    session, now = tx.session, ctx.clock()
    policy = ctx.policy(comment.site_id)
    _check_newest(decision, comment)
    before = state_of(comment)
    after = _state_before(decision, before, source)
    if after == before and decision.from_status == decision.to_status and not _judged(decision):
        raise Conflict("This decision changed nothing.", code="nothing_to_reverse")
    row = _row(decision, comment, after, actor, source=source, note=note, undo=undo, now=now)
    session.add(row)
    decision.reversed_at = now
    put_state(comment, after, now)
    comment.human_decision = "none" if undo else _judgement(after)
    _move(session, comment, before, after, row, now)
    count_move(tx, ctx, comment, before=before.status)
    if not undo and source is not DecisionSource.APPEAL:
        tx.after_commit.append(partial(ctx.metrics.record_overturn, "reversal"))
    session.flush()
    void_strikes(session, decision_id=decision.id, now=now)
    if undo:
        turn_reports(session, decision=decision, state=ReportState.OPEN, now=now)
        waiting = NoticeState.OPEN
        turn_notices(
            session, decision=decision, comment=comment, state=waiting, policy=policy, now=now
        )
        session.execute(delete(Notification).where(Notification.decision_id == decision.id))
        session.execute(
            delete(StatementOfReasons).where(StatementOfReasons.decision_id == decision.id)
        )
        return row
    turned = ReportState.DISMISSED if _restricted(decision) else ReportState.UPHELD
    turn_reports(session, decision=decision, state=turned, now=now)
    answer = NoticeState.DISMISSED if _restricted(decision) else NoticeState.UPHELD
    turn_notices(session, decision=decision, comment=comment, state=answer, policy=policy, now=now)
    notify(
        session,
        site_id=comment.site_id,
        kind="decision.reversed",
        now=now,
        reader_id=comment.reader_id,
        comment_id=comment.id,
        decision_id=row.id,
        data={"reverses": str(decision.id)},
    )
    return row


def _check_newest(decision: Decision, comment: Comment) -> None:
    if decision.reversed_at is not None:
        raise Conflict("This decision was reversed already.", code="already_reversed")
    if decision.revision != comment.revision or decision.to_status != comment.status:
        raise Conflict(
            "The comment has changed since; decide on it as it is now.", code="superseded"
        )


def _state_before(decision: Decision, now_is: CommentState, source: DecisionSource) -> CommentState:
    """The state to go back to; a machine's decision kept no copy, but its flags are known."""
    kept: dict[str, Any] | None = decision.signals.get("before")
    old = CommentStatus(decision.from_status or now_is.status)
    status = old if old in BACK_TO else CommentStatus.PUBLISHED
    if source is DecisionSource.APPEAL and now_is.status in REFUSED:
        # Somebody has just found it fit: it does not wait for a person once more.
        status = CommentStatus.PUBLISHED
    if status is CommentStatus.HELD and now_is.status is CommentStatus.PUBLISHED:
        status = CommentStatus.HIDDEN  # it was public for a moment, and its status says so
    if kept is None:
        return replace(now_is, status=status, demoted=False if decision.demote else now_is.demoted)
    # Only what this decision changed: a later lock or label stands on its own.
    changed = set(flags_of(ModeratorAction(decision.action)))
    if decision.from_status != decision.to_status:
        changed.add("featured")
    return replace(now_is, status=status, **{name: kept[name] for name in changed})


def _restricted(decision: Decision) -> bool:
    return decision.guideline is not None and decision.action not in ("publish", "queue")


def _judged(decision: Decision) -> bool:
    """Whether taking back a person's judgement alone is a change."""
    return not decision.automated and decision.action in ("approve", "acknowledge")


def _judgement(after: CommentState) -> str:
    """What a person now holds of it: public again, it was found fit; else it is undecided."""
    return APPROVED if after.status is CommentStatus.PUBLISHED else "none"


def _move(
    session: Session,
    comment: Comment,
    before: CommentState,
    after: CommentState,
    row: Decision,
    now: datetime,
) -> None:
    written: dict[str, Any] = {
        "actor": "moderator",
        "actor_id": row.actor_id,
        "now": now,
        "data": {"decision": str(row.id), "reverses": str(row.reverses_id)},
    }
    kind = EVENTS[row.action]
    if after.status is before.status:
        session.add(comment.event(kind, **written))
        return
    session.add(comment.move_to(after.status, kind=kind, **written))
    changes = VisibleChanges()
    changes.add(comment, old=before.status.value)
    changes.apply(session)


def _row(
    decision: Decision,
    comment: Comment,
    after: CommentState,
    actor: SignedInModerator,
    *,
    source: DecisionSource,
    note: str | None,
    undo: bool,
    now: datetime,
) -> Decision:
    return Decision(
        id=new_id(),
        site_id=comment.site_id,
        comment_id=comment.id,
        revision=comment.revision,
        reader_id=comment.reader_id,
        action=UNDONE if undo else REVERSED,
        rules=[],
        signals={},
        policy_version=decision.policy_version,
        source=source.value,
        automated=False,
        automated_detection=False,
        automated_decision=AutomatedDecision.NOT.value,
        actor_id=actor.id,
        note=note,
        from_status=comment.status,
        to_status=after.status.value,
        reverses_id=decision.id,
        final_at=now,
        created_at=now,
    )
