"""A moderator decides on a review item: once, on what was seen, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.action import CLOSING, DRIFT_ANSWERS, RESTRICTIVE, ModeratorAction
from service.domain.appeal import AppealState
from service.domain.automation import DecisionSource
from service.domain.comment import CommentStatus
from service.domain.errors import Conflict
from service.domain.guideline import DRIFT_QUEUE
from service.models import Appeal, Comment, Decision, ReviewItem, ReviewState
from service.queries.comments import rule_decision
from service.queries.reports import open_reports
from service.queries.review import get_item
from service.usecases.claim_items import check_free
from service.usecases.close_reports import answer_reports
from service.usecases.context import Context, Transaction
from service.usecases.count_changes import count_reports
from service.usecases.draw_sample import DISAGREED, draw_sample, judge_sample, void_samples
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.open_review import (
    LEAD,
    NOTICE_QUEUES,
    close_item,
    close_reason,
    free_claim,
    hand_on,
    has_open_notice,
    reprice,
)
from service.usecases.review_events import escalated_event
from service.usecases.take_decision import Verdict, check_verdict, take_decision


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it: the decision, or none where a second look was merely compared."""

    item: ReviewItem
    decision: Decision | None
    comparison: str | None = None


def decide_item(
    ctx: Context,
    *,
    site_id: UUID,
    item_id: UUID,
    actor: SignedInModerator,
    verdict: Verdict,
    version: int | None = None,
    claim_id: UUID | None = None,
) -> Decided:
    """Decide on the comment of an item.

    1. The item is of this site, is not decided, and is as the moderator saw it (`version`).
    2. Nobody else holds it; a claim that is named is still this moderator's.
    3. An appeal is answered as an appeal, not by the way.
    4. A second look (QA) is compared and changes nothing; a second opinion that differs from
       the first goes to a lead.
    5. Otherwise the decision is carried out, reports are closed and the item is done, unless a
       notice of illegal content still waits for its own answer.

    Raises NotFound, Invalid, or Conflict `already_decided`, `stale_version`, `lost_lease`,
    `claimed_by_other`, `appeal_open`.
    """
    now = ctx.clock()
    policy = ctx.policy(site_id)
    check_verdict(verdict, policy)
    with ctx.transaction() as tx:
        session = tx.session
        comment_id = get_item(session, item_id, site_id=site_id).comment_id
        comment = lock_comment(session, comment_id, site_id=site_id)
        item = session.get_one(ReviewItem, item_id, with_for_update=True, populate_existing=True)
        _check_current(item, actor, version, claim_id, now)
        _check_no_appeal(session, item)
        if item.is_second_look:
            comparison = judge_sample(
                session, item=item, comment=comment, verdict=verdict, actor=actor, now=now
            )
            if comparison == DISAGREED:
                tx.after_commit.append(partial(ctx.metrics.record_overturn, "qa"))
            return Decided(item, None, comparison)
        if _differs_from_first(item, verdict, actor):
            _send_to_lead(item, verdict, actor)
            session.add(escalated_event(item, actor, LEAD, now))
            return Decided(item, None, "disagreed")
        decision = take_decision(
            tx,
            ctx,
            comment=comment,
            action=verdict.action,
            guideline=verdict.guideline,
            note=verdict.note,
            label=verdict.label,
            actor=actor,
            source=_source(session, comment),
            item=item,
            undo_window=ctx.limits.undo_window,
        )
        _follow_up(tx, item, decision, verdict, comment, ctx, now)
    ctx.metrics.record_decision(decision.action, ["person"])
    ctx.metrics.record_time_to_review((now - item.opened_at).total_seconds())
    return Decided(item, decision)


def _check_current(
    item: ReviewItem,
    actor: SignedInModerator,
    version: int | None,
    claim_id: UUID | None,
    now: datetime,
) -> None:
    if item.state == ReviewState.DECIDED:
        raise Conflict("This item is decided already.", code="already_decided")
    check_free(item, actor, now)
    if claim_id is not None:
        is_live = item.lease_until is not None and item.lease_until > now
        if item.claim_id != claim_id or item.claimed_by != actor.id or not is_live:
            raise Conflict("This claim is not, or no longer, yours.", code="lost_lease")
    if version is not None and version != item.version:
        raise Conflict(
            f"The item has changed since version {version}; it is at {item.version}.",
            code="stale_version",
        )


def _check_no_appeal(session: Session, item: ReviewItem) -> None:
    appeal = session.scalar(
        select(Appeal.id)
        .where(Appeal.comment_id == item.comment_id, Appeal.state == AppealState.FILED.value)
        .limit(1)
    )
    if appeal is not None:
        raise Conflict(
            f"An appeal waits for an answer; decide it at /moderation/appeals/{appeal}.",
            code="appeal_open",
        )


def _differs_from_first(item: ReviewItem, verdict: Verdict, actor: SignedInModerator) -> bool:
    first: dict[str, Any] | None = item.first_opinion
    if first is None or item.escalated_to != "second_opinion" or actor.id == item.escalated_by:
        return False
    restricted = ModeratorAction(first["action"]) in RESTRICTIVE
    return restricted != (verdict.action in RESTRICTIVE)


def _send_to_lead(item: ReviewItem, verdict: Verdict, actor: SignedInModerator) -> None:
    second = {"action": verdict.action.value, "guideline": verdict.guideline}
    item.first_opinion = {**(item.first_opinion or {}), "second": {**second, "by": str(actor.id)}}
    hand_on(item, LEAD)
    item.version += 1


def _source(session: Session, comment: Comment) -> DecisionSource:
    """What brought the comment up: a notice before a rule, a rule before reports."""
    if has_open_notice(session, comment):
        return DecisionSource.NOTICE
    by_rule = rule_decision(session, comment)
    if by_rule is not None and by_rule.queue is not None:
        return DecisionSource.RULE
    return DecisionSource.REPORT if open_reports(session, comment.id) else DecisionSource.RULE


def _follow_up(
    tx: Transaction,
    item: ReviewItem,
    decision: Decision,
    verdict: Verdict,
    comment: Comment,
    ctx: Context,
    now: datetime,
) -> None:
    """Close what the decision settles."""
    policy = ctx.policy(item.site_id)
    item.version += 1
    if verdict.action in DRIFT_ANSWERS:
        close_reason(tx.session, item, DRIFT_QUEUE, now)
    if item.state == ReviewState.DECIDED:
        return
    if verdict.action not in CLOSING:
        reprice(item, policy, visible=comment.status == CommentStatus.PUBLISHED, now=now)
        return
    void_samples(tx.session, comment)
    closed = answer_reports(tx.session, comment=comment, decision=decision, action=verdict.action)
    count_reports(tx, ctx, closed)
    if has_open_notice(tx.session, comment):
        item.reasons = [r for r in item.reasons if r in NOTICE_QUEUES] or [NOTICE_QUEUES[0]]
        # Whoever answers the notice must be able to take it up at once.
        free_claim(item)
        reprice(item, policy, visible=comment.status == CommentStatus.PUBLISHED, now=now)
    else:
        close_item(item, now)
    draw_sample(tx.session, decision=decision, policy=policy, now=now)
