"""A moderator acts on a comment that is in front of everybody and in no queue."""

from __future__ import annotations

from uuid import UUID

from service.domain.action import CLOSING
from service.domain.automation import DecisionSource
from service.domain.errors import Conflict
from service.models import Decision, ReviewState
from service.usecases.close_reports import answer_reports
from service.usecases.context import Context
from service.usecases.count_changes import count_reports
from service.usecases.draw_sample import draw_sample
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.open_review import find_review
from service.usecases.take_decision import Verdict, check_verdict, take_decision


def decide_comment(
    ctx: Context,
    *,
    site_id: UUID,
    comment_id: UUID,
    actor: SignedInModerator,
    verdict: Verdict,
    revision: int | None = None,
) -> Decision:
    """Decide on a comment by its id, of the newsroom's own accord.

    1. What waits in the queue and is settled by this action is decided there, with all that is
       known of it. 2. `revision` is the text that was read; another one is a conflict.
    3. Reports that never opened an item are closed as after any other decision.

    Raises NotFound, Invalid, or Conflict `in_queue`, `stale_revision`.
    """
    check_verdict(verdict, ctx.policy(site_id))
    with ctx.transaction() as tx:
        comment = lock_comment(tx.session, comment_id, site_id=site_id)
        if revision is not None and revision != comment.revision:
            raise Conflict("The comment was changed meanwhile.", code="stale_revision")
        item = find_review(tx.session, comment, lock=True)
        if item is not None and item.state != ReviewState.DECIDED and verdict.action in CLOSING:
            place = f"/moderation/items/{item.id}"
            raise Conflict(f"This comment is in the queue; decide it at {place}.", code="in_queue")
        decision = take_decision(
            tx,
            ctx,
            comment=comment,
            action=verdict.action,
            guideline=verdict.guideline,
            note=verdict.note,
            label=verdict.label,
            actor=actor,
            source=DecisionSource.MODERATOR,
            item=None,
            undo_window=ctx.limits.undo_window,
        )
        if verdict.action in CLOSING:
            closed = answer_reports(
                tx.session, comment=comment, decision=decision, action=verdict.action
            )
            count_reports(tx, ctx, closed)
        policy = ctx.policy(site_id)
        draw_sample(tx.session, decision=decision, policy=policy, now=decision.created_at)
    ctx.metrics.record_decision(decision.action, ["person"])
    return decision
