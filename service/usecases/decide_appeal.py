"""A moderator who had no part in a decision answers an appeal against it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.appeal import AppealOutcome, AppealState, check_may_decide, clean_words
from service.domain.errors import Conflict
from service.domain.guideline import APPEALS_QUEUE
from service.models import Appeal, Comment, Decision, ReviewItem
from service.queries.appeals import get_appeal, open_appeals, took_part
from service.usecases.claim_items import check_free
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.notify import notify
from service.usecases.open_review import close_reason, find_review
from service.usecases.overturn import overturn
from service.usecases.store_appeal import appeal_event

STATE_AFTER = {
    AppealOutcome.UPHOLD: AppealState.UPHELD,
    AppealOutcome.OVERTURN: AppealState.OVERTURNED,
}


def decide_appeal(
    ctx: Context,
    *,
    site_id: UUID,
    appeal_id: UUID,
    actor: SignedInModerator,
    outcome: AppealOutcome,
    reasons: str,
    guideline: str | None = None,
) -> Appeal:
    """Let the decision stand, or put it right; the appellant is told either, with the reasons.

    1. Nobody who had a part in the decision answers, and each appeal is answered once.
    2. Overturning an author's appeal puts comment or sanction, strikes and reports back.
    3. Overturning a reporter's or notifier's appeal restricts the comment under `guideline`.
    4. The comment leaves the queue of appeals when no other appeal about it waits.

    Raises Invalid naming `reasons` or `guideline`, NotFound, or Conflict `own_decision`,
    `appeal_decided`, `claimed_by_other`.
    """
    now = ctx.clock()
    answer = clean_words(reasons, field="reasons")
    ctx.policy(site_id).check_guideline(guideline)
    with ctx.transaction() as tx:
        session = tx.session
        found = get_appeal(session, appeal_id, site_id=site_id).appeal
        comment = (
            lock_comment(session, found.comment_id, site_id=site_id) if found.comment_id else None
        )
        item = _free_item(ctx, session, comment, actor)
        appeal = session.get_one(Appeal, appeal_id, with_for_update=True, populate_existing=True)
        decision = session.get_one(Decision, appeal.decision_id, populate_existing=True)
        if appeal.state != AppealState.FILED:
            raise Conflict(f"This appeal is decided: {appeal.state}.", code="appeal_decided")
        check_may_decide(actor.id, took_part=took_part(session, decision))
        if outcome is AppealOutcome.OVERTURN:
            carried_out = overturn(
                tx,
                ctx,
                appeal=appeal,
                decision=decision,
                comment=comment,
                item=item,
                actor=actor,
                guideline=guideline,
                note=answer,
            )
            appeal.outcome_id = carried_out.id if carried_out else None
        appeal.state = STATE_AFTER[outcome].value
        appeal.decided_by, appeal.decided_at, appeal.reasons = actor.id, now, answer
        _tell(ctx, session, appeal, decision, comment, actor)
        session.flush()
        if item is not None and comment is not None and not open_appeals(session, comment.id):
            close_reason(session, item, APPEALS_QUEUE, now)
    if outcome is AppealOutcome.OVERTURN:
        ctx.metrics.record_overturn("appeal")
    return appeal


def _free_item(
    ctx: Context, session: Session, comment: Comment | None, actor: SignedInModerator
) -> ReviewItem | None:
    item = find_review(session, comment, lock=True) if comment is not None else None
    if item is not None:
        check_free(item, actor, ctx.clock())
    return item


def _tell(
    ctx: Context,
    session: Session,
    appeal: Appeal,
    decision: Decision,
    comment: Comment | None,
    actor: SignedInModerator,
) -> None:
    """The event, and a message to the appellant, who finds the reasons with the appeal."""
    now = ctx.clock()
    data = {"appeal": str(appeal.id), "decision": str(decision.id), "outcome": appeal.state}
    session.add(
        appeal_event(
            decision,
            comment,
            "appeal.decided",
            actor="moderator",
            actor_id=actor.id,
            now=now,
            data={**data, "carried_out": str(appeal.outcome_id) if appeal.outcome_id else None},
        )
    )
    notify(
        session,
        site_id=appeal.site_id,
        kind="appeal.decided",
        now=now,
        reader_id=appeal.reader_id,
        notice_id=appeal.notice_id,
        comment_id=appeal.comment_id,
        decision_id=decision.id,
        data=data,
    )
