"""Hand an item on: to a lead, to the legal desk, or to somebody for a second opinion."""

from __future__ import annotations

from uuid import UUID

from service.domain.errors import Conflict, Invalid
from service.models import ReviewItem, ReviewState
from service.queries.review import ESCALATION_ROLES
from service.usecases.claim_items import check_free, lock_item
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.open_review import hand_on
from service.usecases.review_events import escalated_event
from service.usecases.take_decision import Verdict, check_verdict

SECOND_OPINION = "second_opinion"


def escalate_item(
    ctx: Context,
    *,
    site_id: UUID,
    item_id: UUID,
    actor: SignedInModerator,
    to: str,
    version: int | None = None,
    opinion: Verdict | None = None,
) -> ReviewItem:
    """Hand an item on; its claim ends.

    A second opinion needs a first: the verdict is kept from the second moderator until there
    are two. Raises NotFound, Invalid naming `to` or `opinion`, or Conflict `already_decided`,
    `claimed_by_other`, `stale_version`, `already_escalated`.
    """
    if to not in ESCALATION_ROLES:
        raise Invalid({"to": [f"Must be one of: {', '.join(ESCALATION_ROLES)}."]})
    if (to == SECOND_OPINION) != (opinion is not None):
        raise Invalid({"opinion": ["Is needed for a second opinion, and only there."]})
    if opinion is not None:
        check_verdict(opinion, ctx.policy(site_id))
    now = ctx.clock()
    with ctx.transaction() as tx:
        item = lock_item(tx.session, item_id, site_id)
        if item.state == ReviewState.DECIDED:
            raise Conflict("This item is decided already.", code="already_decided")
        check_free(item, actor, now)
        if version is not None and version != item.version:
            raise Conflict("The item has changed meanwhile.", code="stale_version")
        if item.escalated_to == to and item.escalated_by == actor.id:
            raise Conflict(f"You have handed this on to `{to}` already.", code="already_escalated")
        hand_on(item, to)
        item.escalated_by = actor.id
        item.version += 1
        if opinion is not None:
            item.first_opinion = {
                "action": opinion.action.value,
                "guideline": opinion.guideline,
                "by": str(actor.id),
            }
            item.skipped_by = [*item.skipped_by, actor.id]
        tx.session.add(escalated_event(item, actor, to, now))
    return item
