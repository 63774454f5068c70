"""Decide a notice of illegal content: comment, notice, its sender and the review, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.action import ModeratorAction
from service.domain.automation import DecisionSource
from service.domain.comment import CommentStatus, validate_body
from service.domain.errors import Conflict, Invalid
from service.domain.guideline import Policy
from service.domain.notice import (
    ANSWER_MAX_CHARS,
    UPHOLDING,
    Ground,
    NoticeAction,
    NoticeCategory,
    deciding_clause,
    floor_of,
    queue_of,
)
from service.domain.report import NoticeState, ReportState
from service.models import Comment, Decision, Notice, ReviewItem, ReviewState
from service.queries.comments import latest_automated
from service.queries.notices import get_notice, notices_on
from service.queries.reports import open_reports
from service.usecases.claim_items import check_free
from service.usecases.close_reports import close_reports
from service.usecases.context import Context
from service.usecases.count_changes import count_reports
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.notify import notify
from service.usecases.open_review import close_item, find_review, reprice
from service.usecases.take_decision import take_decision

ACTIONS = {
    NoticeAction.REMOVE: ModeratorAction.REMOVE,
    NoticeAction.HIDE: ModeratorAction.HIDE,
    NoticeAction.RESTORE: ModeratorAction.RESTORE,
    NoticeAction.NO_ACTION: ModeratorAction.ACKNOWLEDGE,
}
DECIDED = "notice.decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeVerdict:
    """What is done, on which ground, and the reason its sender is told."""

    action: NoticeAction
    ground: Ground
    reason: str
    guideline: str | None = None


def decide_notice(
    ctx: Context,
    *,
    site_id: UUID,
    notice_id: UUID,
    moderator: SignedInModerator,
    verdict: NoticeVerdict,
    version: int | None = None,
) -> Notice:
    """Answer one open notice; others on the same comment keep their own clocks.

    1. The reason is told to the notifier once the decision can no longer be undone.
    2. Removing or hiding upholds the notice; restoring or leaving the comment dismisses it. What
       was removed before cannot be removed again: the notice is upheld all the same.
    3. Removal also closes the comment's reports as upheld.
    4. The review is done where nothing else keeps it open.

    `version` is the review item's, as the moderator saw it. Raises Invalid naming `reason` or
    `guideline`, NotFound, or Conflict `already_decided`, `stale_version`, `claimed_by_other`.
    """
    policy, now = ctx.policy(site_id), ctx.clock()
    reason = _clean_reason(verdict.reason)
    guideline = deciding_clause(verdict.action, verdict.ground, verdict.guideline, policy)
    with ctx.transaction() as tx:
        session = tx.session
        found = get_notice(session, notice_id, site_id=site_id).notice
        comment = lock_comment(session, found.comment_id, site_id=site_id)
        item = find_review(session, comment, lock=True)
        notice = session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
        _check_current(notice, item, moderator, version, now)
        action = _action(verdict.action, comment)
        decision = take_decision(
            tx,
            ctx,
            comment=comment,
            action=action,
            guideline=guideline if action is not ModeratorAction.ACKNOWLEDGE else None,
            note=None,
            actor=moderator,
            source=DecisionSource.NOTICE,
            item=item,
            undo_window=ctx.limits.undo_window,
        )
        state = NoticeState.UPHELD if verdict.action in UPHOLDING else NoticeState.DISMISSED
        notice.state, notice.answer = state.value, reason
        notice.decision_id, notice.decided_at = decision.id, now
        _log(session, comment, notice, decision, verdict, now)
        tell_notifier(session, notice, decision, now=now, send_at=decision.final_at)
        if action is ModeratorAction.REMOVE:
            closed = close_reports(
                session,
                comment=comment,
                decision=decision,
                state=ReportState.UPHELD,
                now=now,
                send_at=decision.final_at,
            )
            count_reports(tx, ctx, closed)
        if item is not None and item.state != ReviewState.DECIDED:
            _settle(session, item, comment, notice, action, policy, now)
    ctx.metrics.record_decision(decision.action, ["person"])
    return notice


def tell_notifier(
    session: Session, notice: Notice, decision: Decision, *, now: datetime, send_at: datetime
) -> None:
    """A message to the sender's address, and one to the sender's account if there is one."""
    said = {
        "site_id": notice.site_id,
        "kind": DECIDED,
        "now": now,
        "send_at": send_at,
        "comment_id": notice.comment_id,
        "decision_id": decision.id,
        "data": {"reference": notice.reference, "state": notice.state},
    }
    notify(session, notice_id=notice.id, **said)  # type: ignore[arg-type]
    if notice.reader_id is not None:
        notify(session, reader_id=notice.reader_id, **said)  # type: ignore[arg-type]


def _clean_reason(raw: str) -> str:
    try:
        return validate_body(raw, max_chars=ANSWER_MAX_CHARS)
    except Invalid as error:
        raise Invalid({"reason": error.errors["body"]}) from error


def _check_current(
    notice: Notice,
    item: ReviewItem | None,
    moderator: SignedInModerator,
    version: int | None,
    now: datetime,
) -> None:
    if notice.state != NoticeState.OPEN:
        raise Conflict("This notice is decided already.", code="already_decided")
    if item is None:
        return
    check_free(item, moderator, now)
    if version is not None and version != item.version:
        raise Conflict(
            f"The item has changed since version {version}; it is at {item.version}.",
            code="stale_version",
        )


def _action(wanted: NoticeAction, comment: Comment) -> ModeratorAction:
    if wanted is NoticeAction.REMOVE and comment.status == CommentStatus.REMOVED:
        return ModeratorAction.ACKNOWLEDGE
    return ACTIONS[wanted]


def _log(
    session: Session,
    comment: Comment,
    notice: Notice,
    decision: Decision,
    verdict: NoticeVerdict,
    now: datetime,
) -> None:
    data = {
        "notice": str(notice.id),
        "decision": str(decision.id),
        "state": notice.state,
        "action": verdict.action.value,
        "ground": verdict.ground.value,
    }
    session.add(
        comment.event(DECIDED, actor="moderator", actor_id=decision.actor_id, now=now, data=data)
    )


def _settle(
    session: Session,
    item: ReviewItem,
    comment: Comment,
    notice: Notice,
    action: ModeratorAction,
    policy: Policy,
    now: datetime,
) -> None:
    """Take the notice's reason off the item; close it where nothing else is left."""
    others = [n for n in notices_on(session, comment.id) if n.state == NoticeState.OPEN.value]
    wanted = {queue_of(NoticeCategory(other.category)) for other in others}
    queue = queue_of(NoticeCategory(notice.category))
    if action is ModeratorAction.REMOVE:
        item.reasons = [reason for reason in item.reasons if reason in wanted]
    elif queue not in wanted | _asked_for_besides(session, comment):
        item.reasons = [reason for reason in item.reasons if reason != queue]
    if item.floor == floor_of(NoticeCategory(notice.category)):
        item.floor = max((floor_of(NoticeCategory(n.category)) for n in others), default=0)
    item.version += 1
    if not item.reasons:
        close_item(item, now)
        return
    reprice(item, policy, visible=comment.status == CommentStatus.PUBLISHED, now=now)


def _asked_for_besides(session: Session, comment: Comment) -> set[str]:
    """Queues that reports or the rules put the comment in."""
    machine = latest_automated(session, comment)
    asked = {report.family for report in open_reports(session, comment.id)}
    return asked | ({machine.queue} if machine and machine.queue else set())
