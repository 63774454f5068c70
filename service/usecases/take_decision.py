"""Carry out one person's decision on a comment: everything that follows, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.domain.action import (
    CLOSING,
    RESTRICTIVE,
    STRIKING,
    CommentState,
    ModeratorAction,
    check_action,
    named,
    state_after,
)
from service.domain.automation import DecisionSource, automation
from service.domain.comment import CommentStatus
from service.domain.errors import Invalid
from service.domain.guideline import Policy
from service.models import Comment, Decision, ReviewItem, new_id
from service.queries.comments import latest_automated, rule_decision
from service.usecases.context import Context, Transaction
from service.usecases.count_changes import count_move
from service.usecases.identify_caller import SignedInModerator
from service.usecases.log_decision import log_decision
from service.usecases.state_reasons import state_reasons
from service.usecases.strikes import add_strike
from service.usecases.tell_author import tell_author
from service.usecases.visible_changes import VisibleChanges

EDIT_ASKED_FOR = timedelta(days=7)
EVENTS = {
    CommentStatus.PUBLISHED: "comment.published",
    CommentStatus.REJECTED: "comment.rejected",
    CommentStatus.REMOVED: "comment.removed",
    CommentStatus.HIDDEN: "comment.hidden",
}
APPROVED, REJECTED = "approved", "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a moderator said: the action and what belongs to it."""

    action: ModeratorAction
    guideline: str | None = None
    note: str | None = None
    label: str | None = None


def take_decision(
    tx: Transaction,
    ctx: Context,
    *,
    comment: Comment,
    action: ModeratorAction,
    guideline: str | None,
    note: str | None,
    actor: SignedInModerator,
    source: DecisionSource,
    item: ReviewItem | None,
    undo_window: timedelta,
    label: str | None = None,
    reverses: Decision | None = None,
) -> Decision:
    """Change a locked comment as a person decided, inside the caller's transaction.

    1. The action makes sense in the comment's state, and a restriction names its guideline.
    2. The comment changes, the decision and one event are written, counters follow.
    3. A breach adds a strike; a restriction owes a statement of reasons; the author is told
       once the decision can no longer be undone.
    Reports, notices and appeals are the caller's to close.

    Raises Invalid naming `guideline` or `label`, or Conflict.
    """
    session, now = tx.session, ctx.clock()
    policy = ctx.policy(comment.site_id)
    verdict = Verdict(action=action, guideline=guideline, note=note, label=label)
    check_verdict(verdict, policy)
    before = state_of(comment)
    check_action(action, before)
    row = _row(session, comment, verdict, policy, source=source, item=item, now=now)
    row.actor_id, row.reverses_id = actor.id, reverses.id if reverses else None
    row.final_at = now + undo_window
    after = state_after(action, before, label=label)
    row.to_status = after.status.value
    session.add(row)
    _change(session, comment, before, after, row, now)
    count_move(tx, ctx, comment, before=before.status)
    _note_judgement(comment, action, now)
    session.flush()
    if action in STRIKING:
        add_strike(session, decision=row, policy=policy, now=now, send_at=row.final_at)
    if action in RESTRICTIVE:
        state_reasons(
            session, decision=row, reader=comment.reader, policy=policy, comment=comment, now=now
        )
    tell_author(session, comment=comment, decision=row, action=action, now=now)
    tx.after_commit.append(
        lambda: log_decision(
            comment, action=row.action, rules=(), policy=row.policy_version, by="moderator"
        )
    )
    return row


def check_verdict(verdict: Verdict, policy: Policy) -> None:
    """Raise Invalid where a guideline or label is missing or unknown."""
    policy.check_guideline(verdict.guideline)
    if verdict.action in RESTRICTIVE and verdict.guideline is None:
        raise Invalid({"guideline": [f"`{verdict.action}` needs the guideline that was broken."]})
    if (verdict.action is ModeratorAction.LABEL) != bool(verdict.label):
        raise Invalid({"label": ["Is the text readers see; needed for `label` and only there."]})


def state_of(comment: Comment) -> CommentState:
    """The parts of a comment that actions change."""
    return CommentState(
        status=CommentStatus(comment.status),
        demoted=comment.demoted,
        label=comment.label,
        locked=comment.locked,
        featured=comment.featured_at is not None,
        preserved=comment.legal_hold,
    )


def put_state(comment: Comment, state: CommentState, now: datetime) -> None:
    """Write everything of a state but the status, which only `move_to` changes."""
    comment.demoted, comment.label = state.demoted, state.label
    comment.locked, comment.legal_hold = state.locked, state.preserved
    if state.featured != (comment.featured_at is not None):
        comment.featured_at = now if state.featured else None


def _row(
    session: Session,
    comment: Comment,
    verdict: Verdict,
    policy: Policy,
    *,
    source: DecisionSource,
    item: ReviewItem | None,
    now: datetime,
) -> Decision:
    machine = latest_automated(session, comment)
    by_rule = rule_decision(session, comment)
    found_by_rule = by_rule is not None and by_rule.queue is not None
    part = automation(
        automated=False,
        found_by_rule=found_by_rule,
        found_by_report=machine is not None
        and machine.source == DecisionSource.REPORT
        and not found_by_rule,
        held_by_rule=machine is not None
        and machine.to_status == comment.status
        and comment.status in (CommentStatus.HELD, CommentStatus.HIDDEN),
    )
    signals: dict[str, Any] = {"before": _as_data(state_of(comment))}
    if item is not None:
        signals["waited_seconds"] = (now - item.opened_at).total_seconds()
    if machine is not None:
        signals["scores"] = machine.signals.get("scores", {})
    return Decision(
        id=new_id(),
        site_id=comment.site_id,
        comment_id=comment.id,
        revision=comment.revision,
        reader_id=comment.reader_id,
        action=named(verdict.action, CommentStatus(comment.status)).value,
        guideline=verdict.guideline,
        queue=item.reasons[0] if item and item.reasons else None,
        demote=verdict.action is ModeratorAction.DEMOTE,
        rules=_confirmed(by_rule) if found_by_rule and verdict.action in RESTRICTIVE else [],
        signals=signals,
        policy_version=policy.version,
        source=source.value,
        automated=False,
        automated_detection=part.detection,
        automated_decision=part.decision.value,
        note=verdict.note,
        from_status=comment.status,
        created_at=now,
    )


def _confirmed(by_rule: Decision | None) -> list[Any]:
    """The rules that put the comment before a person who now confirms them."""
    return by_rule.matched() if by_rule is not None else []


def _as_data(state: CommentState) -> dict[str, Any]:
    return {
        "status": state.status.value,
        "demoted": state.demoted,
        "label": state.label,
        "locked": state.locked,
        "featured": state.featured,
        "preserved": state.preserved,
    }


def _change(
    session: Session,
    comment: Comment,
    before: CommentState,
    after: CommentState,
    row: Decision,
    now: datetime,
) -> None:
    put_state(comment, after, now)
    said = {"decision": str(row.id), "action": row.action, "guideline": row.guideline}
    written: dict[str, Any] = {
        "actor": "moderator",
        "actor_id": row.actor_id,
        "now": now,
        "data": said,
    }
    if after.status is before.status:
        session.add(comment.event("decision.made", **written))
        return
    # A person decided: the machine does not come back to it.
    comment.retry_at = comment.lease_until = None
    session.add(comment.move_to(after.status, kind=EVENTS[after.status], **written))
    changes = VisibleChanges()
    changes.add(comment, old=before.status.value)
    changes.apply(session)


def _note_judgement(comment: Comment, action: ModeratorAction, now: datetime) -> None:
    if action is ModeratorAction.REQUEST_EDIT:
        comment.edit_until = now + EDIT_ASKED_FOR
    elif action in STRIKING:
        comment.human_decision = REJECTED
    elif action in CLOSING and action is not ModeratorAction.ACKNOWLEDGE:
        comment.human_decision = APPROVED
