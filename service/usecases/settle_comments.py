"""Decide on scored comments and write it down: status, scores, decision, event, review, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.content import content_signals
from service.domain.decision import Decision
from service.domain.guideline import UNSCORED_QUEUE, Policy
from service.domain.moderation import UNSCORED_FLAG, decide
from service.domain.priority import DEFAULT_WEIGHTS
from service.domain.rule import Action
from service.domain.scoring import Assessment
from service.domain.wellbeing import is_severe
from service.models import Comment
from service.queries.request_ids import request_ids
from service.queries.signals import Surroundings, surroundings
from service.usecases.ask_author import Answer, ask_author, note_answer
from service.usecases.claim_comments import Claimed
from service.usecases.context import Context
from service.usecases.count_changes import count_rules
from service.usecases.draw_sample import draw_sample
from service.usecases.lock_comment import lock_comments
from service.usecases.log_decision import log_decision
from service.usecases.open_review import close_unscored, open_review
from service.usecases.record_scores import decision_row, store_scores
from service.usecases.state_reasons import state_reasons
from service.usecases.track_drift import DriftWatch
from service.usecases.visible_changes import VisibleChanges

STATUS_AFTER = {
    Action.publish: CommentStatus.PUBLISHED,
    Action.demote: CommentStatus.PUBLISHED,
    Action.queue: CommentStatus.PUBLISHED,
    Action.hold: CommentStatus.HELD,
    # Never public yet, so there is nothing to hide: it waits for a person.
    Action.hide: CommentStatus.HELD,
    Action.reject: CommentStatus.REJECTED,
}
EVENT_AFTER = {
    CommentStatus.PUBLISHED: "comment.published",
    CommentStatus.HELD: "comment.held",
    CommentStatus.REJECTED: "comment.rejected",
}
LIFE_AT_RISK = "life_at_risk"
TOXICITY_QUEUES = frozenset({"toxic", "urgent"})
# What a queue knows of a comment where no model gives a probability.
EVEN_CHANCE = 0.5
RETRY_FIRST = timedelta(minutes=1)
RETRY_MOST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Scored:
    """A claimed comment and what the models said of it."""

    claimed: Claimed
    assessment: Assessment


def settle_comments(ctx: Context, scored: Sequence[Scored]) -> int:
    """Settle a batch in one transaction; says how many were settled.

    A comment that is no longer pending at the revision that was scored is left alone: its
    author changed or withdrew it, or another worker was faster. So each revision is decided
    once, however often it is delivered. One whose author is asked to think again is not decided:
    it waits for the answer, and comes back.
    """
    now = ctx.clock()
    by_id = {s.claimed.comment_id: s for s in scored}
    with ctx.transaction() as tx:
        session = tx.session
        comments = [
            comment
            for comment in lock_comments(session, list(by_id))
            if comment.status == CommentStatus.PENDING
            and comment.revision == by_id[comment.id].claimed.revision
            and not comment.awaits_author(now)
        ]
        places = surroundings(session, comments, now)
        changes, watch = VisibleChanges(), DriftWatch()
        settled, answers = [], []
        for comment in comments:
            assessment = by_id[comment.id].assessment
            policy = ctx.policy(comment.site_id)
            store_scores(session, comment, assessment, now)
            if comment.nudge_until is not None:
                note_answer(session, comment, Answer.EXPIRED, now)
                answers.append(Answer.EXPIRED)
            if comment.nudged_at is None or comment.revision > 1:  # else it was counted when asked
                comment.drift = watch.count(session, comment, assessment, now)
            signals = signals_of(comment, assessment, places[comment.id], policy)
            decision = decide(signals, policy)
            if decision.action is Action.nudge:
                ask_author(session, comment, decision, now=now, wait=ctx.limits.nudge_window)
                answers.append(Answer.ASKED)
                continue
            settled.append((comment, decision))
            _apply(session, comment, decision, signals, policy, now)
            changes.add(comment, old=CommentStatus.PENDING.value)
        watch.follow(session, ctx.policy, now)
        changes.apply(session)
    for answer in answers:
        ctx.metrics.record_nudge(answer.value)
    for comment, decision in settled:
        _count(ctx, comment, decision, now)
    _log(ctx, settled)
    watch.tell(ctx)
    return len(settled)


def signals_of(
    comment: Comment, assessment: Assessment, place: Surroundings, policy: Policy
) -> dict[str, Mapping[str, Any]]:
    """Everything the rules see of one comment, by namespace."""
    return {
        "scores": assessment.values(),
        "thread": {"drift": comment.drift},
        "author": place.author,
        "content": content_signals(
            comment.body,
            is_reply=comment.parent_id is not None,
            language=assessment.toxicity.language,
            was_obfuscated=assessment.toxicity.was_obfuscated,
            near_duplicates_24h=place.near_duplicates,
            lists=policy.lists,
        ),
        "article": place.article,
        "velocity": place.velocity,
        "comment": {"human_decision": comment.human_decision},
        "submission": {"nudged": comment.nudged_at is not None},
    }


def _apply(
    session: Session,
    comment: Comment,
    decision: Decision,
    signals: Mapping[str, Any],
    policy: Policy,
    now: datetime,
) -> None:
    comment.lease_until = None
    if is_unscored(decision):
        _hold_unscored(session, comment, policy, now)
        return
    if comment.retries:
        close_unscored(session, comment, now)
        comment.retries, comment.retry_at = 0, None
    status = STATUS_AFTER[decision.action]
    comment.demoted = decision.demote
    row = decision_row(comment, decision, signals, status, now)
    session.add(row)
    data = {"decision": str(row.id), "policy": decision.policy_version}
    session.add(
        comment.move_to(status, kind=EVENT_AFTER[status], actor="machine", now=now, data=data)
    )
    if decision.queue is not None:
        open_review(
            session,
            comment,
            decision.queue,
            policy=policy,
            now=now,
            priority=decision.priority,
            p_violation=_p_violation(decision.queue, signals),
            guideline=decision.guideline,
            severe=is_severe(signals["scores"]),
            floor=DEFAULT_WEIGHTS.life_at_risk if LIFE_AT_RISK in decision.flags else 0,
        )
    session.flush()
    state_reasons(
        session, decision=row, reader=comment.reader, policy=policy, comment=comment, now=now
    )
    draw_sample(session, decision=row, policy=policy, now=now)


def is_unscored(decision: Decision) -> bool:
    """Whether a comment is held only because no score could be had: that is not yet a decision."""
    return (
        UNSCORED_FLAG in decision.flags
        and decision.action is Action.hold
        and decision.queue == UNSCORED_QUEUE
    )


def _p_violation(queue: str, signals: Mapping[str, Any]) -> float:
    """How likely (0–1) what the queue is about is true; only toxicity is a probability."""
    toxicity = signals["scores"].get("toxicity") if queue in TOXICITY_QUEUES else None
    return EVEN_CHANCE if toxicity is None else float(toxicity)


def _hold_unscored(session: Session, comment: Comment, policy: Policy, now: datetime) -> None:
    """Hold without a decision, and try again later, each time after twice the wait."""
    comment.retry_at = now + min(RETRY_FIRST * 2**comment.retries, RETRY_MOST)
    comment.retries += 1
    session.add(
        comment.move_to(CommentStatus.HELD, kind="comment.unscored", actor="machine", now=now)
    )
    open_review(session, comment, UNSCORED_QUEUE, policy=policy, now=now, p_violation=EVEN_CHANCE)


def _count(ctx: Context, comment: Comment, decision: Decision, now: datetime) -> None:
    ctx.metrics.record_comment(comment.status)
    count_rules(ctx, decision)
    if is_unscored(decision):
        ctx.metrics.record_unscored(1)
        return
    ctx.metrics.record_decision(decision.action.value, [o.rule for o in decision.matched()])
    if comment.nudged_at is not None:  # what an author took to think is nobody's delay
        return
    written_at = comment.edited_at or comment.created_at
    ctx.metrics.record_time_to_decision((now - written_at).total_seconds())


def _log(ctx: Context, settled: Sequence[tuple[Comment, Decision]]) -> None:
    """One line each. The job may be due to another request: each text names its own."""
    if not settled:
        return
    with ctx.reading() as session:
        known = request_ids(session, [comment.id for comment, _ in settled])
    for comment, decision in settled:
        log_decision(
            comment,
            action=decision.action.value,
            rules=[outcome.rule for outcome in decision.matched()],
            policy=decision.policy_version,
            by="machine",
            request_id=known.get((comment.id, comment.revision)),
        )
