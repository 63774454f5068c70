"""Quality: draw decisions for a blind second look, and compare what the second look says."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.domain.action import CLOSING, RESTRICTIVE, ModeratorAction
from service.domain.comment import CommentStatus
from service.domain.guideline import QA_QUEUE, Policy
from service.models import Comment, Decision, QaSample, ReviewItem
from service.usecases.identify_caller import SignedInModerator
from service.usecases.open_review import LEAD, close_item, hand_on, open_review
from service.usecases.take_decision import Verdict

AGREED, DISAGREED, VOID, OPEN = "agreed", "disagreed", "void", "open"
# Outcomes that no sample compares: nothing was judged.
NOT_JUDGED = frozenset({"request_edit", "acknowledge"})


def share_of(decision: Decision, policy: Policy) -> float:
    """The share (0–1) of decisions like this one that is drawn.

    1. A person's decision that judged the comment: `human`.
    2. A machine's refusal: `automated_reject`. 3. A machine's publication: `automated_publish`.
    4. Held for a person: none, a person looks anyway.
    """
    shares = policy.qa_shares
    if not decision.automated:
        judged = decision.action in CLOSING and decision.action not in NOT_JUDGED
        return shares.human if judged else 0.0
    if decision.to_status == CommentStatus.REJECTED:
        return shares.automated_reject
    return shares.automated_publish if decision.to_status == CommentStatus.PUBLISHED else 0.0


def draw_sample(
    session: Session,
    *,
    decision: Decision,
    policy: Policy,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> QaSample | None:
    """Draw this decision with the share its kind has; a drawn one waits for its second look.

    The item is opened later, by `sweep_reviews`, so that nobody can tell from the queue which
    decision of a moment ago was drawn.
    """
    if decision.comment_id is None or decision.revision is None:
        return None
    if chance() >= share_of(decision, policy):
        return None
    rules = [rule["rule"] for rule in decision.matched()]
    sample = QaSample(
        site_id=decision.site_id,
        decision_id=decision.id,
        comment_id=decision.comment_id,
        revision=decision.revision,
        restricted=decision.to_status != CommentStatus.PUBLISHED or decision.demote,
        guideline=decision.guideline,
        automated=decision.automated,
        rules=rules,
        open_from=max(now, decision.final_at),
        created_at=now,
    )
    session.add(sample)
    return sample


def open_sample(
    session: Session, *, sample: QaSample, comment: Comment, policy: Policy, now: datetime
) -> ReviewItem | None:
    """Put a drawn decision before somebody else; void where the comment has changed since."""
    decision = session.get_one(Decision, sample.decision_id)
    if decision.reversed_at is not None or comment.revision != sample.revision:
        sample.state = VOID
        return None
    item = open_review(session, comment, QA_QUEUE, policy=policy, now=now)
    if decision.actor_id is not None:
        # Whoever decided is not asked again.
        item.skipped_by = [*item.skipped_by, decision.actor_id]
    return item


def judge_sample(
    session: Session,
    *,
    item: ReviewItem,
    comment: Comment,
    verdict: Verdict,
    actor: SignedInModerator,
    now: datetime,
) -> str:
    """Compare a second look with the first decision: `agreed` or `disagreed`.

    Both say whether the comment may be public as it is; under which guideline not is kept
    beside it. Nothing changes for the comment; a disagreement goes to a lead.
    """
    sample = session.execute(
        select(QaSample)
        .where(QaSample.comment_id == comment.id, QaSample.state == OPEN)
        .order_by(QaSample.id.desc())
        .limit(1)
        .with_for_update()
    ).scalar_one_or_none()
    restricted = ModeratorAction(verdict.action) in RESTRICTIVE
    item.version += 1
    if sample is None:
        close_item(item, now)
        return VOID
    agreed = sample.restricted == restricted
    sample.state = AGREED if agreed else DISAGREED
    sample.reviewed_by, sample.reviewed_at = actor.id, now
    sample.review_restricted, sample.review_guideline = restricted, verdict.guideline
    sample.note = verdict.note
    kind = "qa.agreed" if agreed else "qa.disagreed"
    data = {"decision": str(sample.decision_id), "sample": str(sample.id)}
    session.add(comment.event(kind, actor="moderator", actor_id=actor.id, now=now, data=data))
    if agreed:
        close_item(item, now)
        return AGREED
    _to_lead(item, verdict, actor)
    return DISAGREED


def void_samples(session: Session, comment: Comment) -> None:
    """Second looks at a comment that is decided for another reason compare nothing any more."""
    session.execute(
        update(QaSample)
        .where(QaSample.comment_id == comment.id, QaSample.state == OPEN)
        .where(QaSample.opened_at.is_not(None))
        .values(state=VOID)
    )


def _to_lead(item: ReviewItem, verdict: Verdict, actor: SignedInModerator) -> None:
    """The lead sees the second look and decides for real: the item is no longer blind."""
    item.reasons = ["reported" if reason == QA_QUEUE else reason for reason in item.reasons]
    hand_on(item, LEAD)
    item.escalated_by = actor.id
    item.first_opinion = {"action": verdict.action.value, "guideline": verdict.guideline}
