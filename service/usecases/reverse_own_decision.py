"""A moderator takes a decision back: at once and unseen, or later and openly."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from service.domain.automation import DecisionSource
from service.domain.comment import CommentStatus
from service.domain.errors import Conflict, Forbidden, NotFound
from service.domain.identity import Role
from service.models import Decision, ReviewItem, ReviewState
from service.usecases.context import Context, Transaction
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.open_review import find_review, reprice
from service.usecases.reverse_decision import reverse_decision

MAY_REVERSE_OTHERS = frozenset({Role.LEAD, Role.LEGAL, Role.ADMIN})


def reverse_own_decision(
    ctx: Context, *, site_id: UUID, decision_id: UUID, actor: SignedInModerator, note: str | None
) -> Decision:
    """Reverse a decision on a comment.

    1. Before it is final, whoever took it undoes it: the item comes back as it was.
    2. Later it is reversed openly, with a note; others' decisions and the machine's by a lead,
       the legal desk or an admin. What then waits for a person is in the queue again.

    Raises NotFound, Forbidden or Conflict.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        decision = tx.session.execute(
            select(Decision).where(Decision.id == decision_id, Decision.site_id == site_id)
        ).scalar_one_or_none()
        if decision is None or decision.comment_id is None:
            raise NotFound("There is no decision on a comment by this id.", code="no_decision")
        own = decision.actor_id == actor.id
        if not own and actor.role not in MAY_REVERSE_OTHERS:
            raise Forbidden("Somebody else took this decision.", code="not_yours")
        comment = lock_comment(tx.session, decision.comment_id, site_id=site_id)
        tx.session.refresh(decision)
        undo = own and now < decision.final_at
        if decision.reverses_id is not None:
            raise Conflict("This is itself a reversal; decide anew.", code="is_reversal")
        row = reverse_decision(
            tx,
            ctx,
            decision=decision,
            comment=comment,
            actor=actor,
            source=DecisionSource.MODERATOR,
            note=note,
            undo=undo,
        )
        item = find_review(tx.session, comment, lock=True)
        waits = comment.status in (CommentStatus.HELD, CommentStatus.HIDDEN)
        if item is not None and (undo or waits):
            _reopen(tx, item, decision, ctx)
    return row


def _reopen(tx: Transaction, item: ReviewItem, decision: Decision, ctx: Context) -> None:
    """The item as it was before the decision, with the clock it had."""
    if item.state == ReviewState.DECIDED:
        item.state, item.decided_at = ReviewState.OPEN.value, None
    if decision.queue is not None and decision.queue not in item.reasons:
        item.reasons = [decision.queue, *item.reasons]
    item.version += 1
    reprice(
        item,
        ctx.policy(item.site_id),
        visible=decision.from_status == "published",
        now=ctx.clock(),
    )
