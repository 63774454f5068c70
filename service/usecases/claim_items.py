"""Give review items to a moderator for a while: nobody else gets the same ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.errors import Conflict, Invalid, NotFound
from service.models import Event, ReviewItem, ReviewState, new_id
from service.queries.review import QueueFilter, claimable
from service.usecases.context import Context, Transaction
from service.usecases.identify_caller import SignedInModerator
from service.usecases.open_review import LEAD, free_claim, hand_on
from service.usecases.review_events import escalated_event

# Now and then the oldest comes first, so that nothing starves at the bottom of the queue.
OLDEST_FIRST_SHARE = 0.05
SKIPS_FOR_LEAD = 2
SKIP_REASONS = ("unsure", "context", "language", "distressing", "conflict", "other")


def claim_items(
    ctx: Context,
    *,
    actor: SignedInModerator,
    wanted: QueueFilter,
    count: int,
    chance: Callable[[], float] = random.random,
) -> list[ReviewItem]:
    """Claim the next `count` items for this moderator, the most urgent first.

    Rows another moderator is claiming at this moment are passed over, so no item is ever given
    to two. Gives fewer, or none, where there are no more.
    """
    now = ctx.clock()
    order = [ReviewItem.priority.desc(), ReviewItem.id]
    if chance() < OLDEST_FIRST_SHARE:
        order = [ReviewItem.opened_at.asc(), ReviewItem.id]
    query = claimable(
        replace(wanted, state=None),
        moderator_id=actor.id,
        role=actor.role,
        opted_out=actor.opted_out,
        now=now,
    )
    with ctx.transaction() as tx:
        items = tx.session.scalars(
            query.order_by(*order).limit(count).with_for_update(skip_locked=True)
        ).all()
        for item in items:
            _give(tx, item, actor, ctx, now)
    return list(items)


def claim_item(
    ctx: Context, *, actor: SignedInModerator, site_id: UUID, item_id: UUID
) -> ReviewItem:
    """Claim one item by its id. Raises NotFound, or Conflict where another moderator holds it."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        item = lock_item(tx.session, item_id, site_id)
        if item.state == ReviewState.DECIDED:
            raise Conflict("This item is decided already.", code="already_decided")
        if item.claimed_by != actor.id:
            check_free(item, actor, now)
            _give(tx, item, actor, ctx, now)
    return item


def renew_claim(
    ctx: Context, *, actor: SignedInModerator, site_id: UUID, claim_id: UUID
) -> ReviewItem:
    """Keep a claim for another lease. Raises Conflict where it is no longer this moderator's."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        item = _own_claim(ctx, tx.session, claim_id, actor, site_id, now)
        item.lease_until = now + ctx.limits.claim_lease
    return item


def release_claim(
    ctx: Context,
    *,
    actor: SignedInModerator,
    site_id: UUID,
    claim_id: UUID,
    skip_reason: str | None = None,
) -> ReviewItem:
    """Give an item back; with a reason it is skipped and not given to this moderator again.

    What several moderators skipped goes to a lead: otherwise nobody would be left to take it.
    """
    now = ctx.clock()
    if skip_reason is not None and skip_reason not in SKIP_REASONS:
        raise Invalid({"reason": [f"Must be one of: {', '.join(SKIP_REASONS)}."]})
    with ctx.transaction() as tx:
        item = _own_claim(ctx, tx.session, claim_id, actor, site_id, now)
        free_claim(item)
        kind = "review.released"
        if skip_reason is not None:
            kind = "review.skipped"
            item.skip_count += 1
            item.skipped_by = [*item.skipped_by, actor.id]
        tx.session.add(_event(item, kind, actor, now, skip_reason=skip_reason))
        if skip_reason is not None and item.skip_count >= SKIPS_FOR_LEAD and not item.escalated_to:
            hand_on(item, LEAD)
            tx.session.add(escalated_event(item, actor, LEAD, now))
    ctx.metrics.record_claim("skipped" if skip_reason is not None else "released")
    return item


def check_free(item: ReviewItem, actor: SignedInModerator, now: datetime) -> None:
    """Raise Conflict while another moderator holds the item."""
    if item.claimed_by in (None, actor.id) or item.lease_until is None or item.lease_until <= now:
        return
    raise Conflict("Another moderator is working on this.", code="claimed_by_other")


def free_dead_claims(session: Session, items: Sequence[ReviewItem], now: datetime) -> None:
    """Free locked items whose lease has run out; each leaves an event."""
    for item in items:
        session.add(
            Event(
                site_id=item.site_id,
                kind="review.lease_expired",
                comment_id=item.comment_id,
                article_id=item.article_id,
                actor="machine",
                data={"item": str(item.id), "moderator": str(item.claimed_by)},
                created_at=now,
            )
        )
        free_claim(item)


def _give(
    tx: Transaction, item: ReviewItem, actor: SignedInModerator, ctx: Context, now: datetime
) -> None:
    item.claim_id, item.claimed_by = new_id(), actor.id
    item.claimed_at, item.lease_until = now, now + ctx.limits.claim_lease
    item.state = ReviewState.CLAIMED.value
    tx.session.add(_event(item, "review.claimed", actor, now))
    tx.after_commit.append(partial(ctx.metrics.record_claim, "claimed"))


def _own_claim(
    ctx: Context,
    session: Session,
    claim_id: UUID,
    actor: SignedInModerator,
    site_id: UUID,
    now: datetime,
) -> ReviewItem:
    item = session.execute(
        select(ReviewItem)
        .where(ReviewItem.claim_id == claim_id, ReviewItem.site_id == site_id)
        .with_for_update()
    ).scalar_one_or_none()
    if item is None or item.claimed_by != actor.id:
        ctx.metrics.record_claim("lost")
        # Whether it ran out and went to somebody else, or never was: it is not yours now.
        raise Conflict("This claim is not, or no longer, yours.", code="lost_lease")
    if item.lease_until is None or item.lease_until <= now:
        ctx.metrics.record_claim("lost")
        raise Conflict("This claim has run out.", code="lost_lease")
    return item


def lock_item(session: Session, item_id: UUID, site_id: UUID) -> ReviewItem:
    """Lock an item of the site for a change. Raises NotFound."""
    item = session.get(ReviewItem, item_id, with_for_update=True, populate_existing=True)
    if item is None or item.site_id != site_id:
        raise NotFound("There is no review item with this id.", code="item_not_found")
    return item


def _event(
    item: ReviewItem,
    kind: str,
    actor: SignedInModerator,
    now: datetime,
    *,
    skip_reason: str | None = None,
) -> Event:
    data = {"item": str(item.id)} | ({"reason": skip_reason} if skip_reason else {})
    return Event(
        site_id=item.site_id,
        kind=kind,
        comment_id=item.comment_id,
        article_id=item.article_id,
        actor="moderator",
        actor_id=actor.id,
        data=data,
        created_at=now,
    )
