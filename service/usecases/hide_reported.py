"""Decide again once reports came in: what they all but prove a breach is hidden for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.automation import DecisionSource, automation
from service.domain.comment import CommentStatus
from service.domain.decision import Decision as Verdict
from service.domain.guideline import Policy
from service.domain.moderation import decide
from service.domain.report_weight import may_hide
from service.domain.rule import Action
from service.models import Comment, Decision
from service.usecases.context import Context, Transaction
from service.usecases.count_changes import count_rules
from service.usecases.record_scores import decision_row
from service.usecases.state_reasons import state_reasons
from service.usecases.visible_changes import VisibleChanges
from service.usecases.weigh_reports import Weighed


def hide_reported(
    tx: Transaction,
    ctx: Context,
    *,
    comment: Comment,
    weighed: Weighed,
    policy: Policy,
    now: datetime,
) -> Decision | None:
    """Hide a locked comment where rules and reports agree; None where it stays.

    1. It is public, and reports have not hidden this revision before.
    2. The weight of the reports allows it: `report_weight.may_hide`.
    3. The site's rules, on the signals of the first decision with what reports say now, ask for it.
    The guideline is the one most reports name, for that is what its author has to answer.
    """
    if comment.status != CommentStatus.PUBLISHED or weighed.machine is None:
        return None
    if not may_hide(weighed.weight, human_decision=comment.human_decision):
        return None
    signals = signals_now(weighed, comment)
    verdict = decide(signals, policy)
    if verdict.action is not Action.hide or _was_hidden_before(tx.session, comment):
        return None
    row = _record(tx.session, comment, verdict, signals, weighed, policy, now)
    state_reasons(
        tx.session, decision=row, reader=comment.reader, policy=policy, comment=comment, now=now
    )
    tx.after_commit.append(lambda: _count(ctx, verdict))
    return row


def signals_now(weighed: Weighed, comment: Comment) -> dict[str, Any]:
    """What the rules saw at first, with the reports and a person's judgement as they are now."""
    first = weighed.machine.signals if weighed.machine else {}
    return {
        **first,
        "reports": weighed.signals,
        "comment": {"human_decision": comment.human_decision},
    }


def _record(
    session: Session,
    comment: Comment,
    verdict: Verdict,
    signals: dict[str, Any],
    weighed: Weighed,
    policy: Policy,
    now: datetime,
) -> Decision:
    row = decision_row(comment, verdict, signals, CommentStatus.HIDDEN, now)
    part = automation(automated=True, found_by_rule=False, held_by_rule=False, found_by_report=True)
    row.source, row.from_status = DecisionSource.REPORT.value, comment.status
    row.automated_detection, row.automated_decision = part.detection, part.decision.value
    if weighed.guideline in policy.guidelines:
        row.guideline = weighed.guideline
    session.add(row)
    changes = VisibleChanges()
    old = comment.status
    data = {"decision": str(row.id), "policy": row.policy_version, "guideline": row.guideline}
    session.add(
        comment.move_to(
            CommentStatus.HIDDEN, kind="comment.hidden", actor="machine", now=now, data=data
        )
    )
    changes.add(comment, old=old)
    changes.apply(session)
    return row


def _was_hidden_before(session: Session, comment: Comment) -> bool:
    found = session.scalar(
        select(Decision.id)
        .where(
            Decision.comment_id == comment.id,
            Decision.revision == comment.revision,
            Decision.automated,
            Decision.source == DecisionSource.REPORT.value,
        )
        .limit(1)
    )
    return found is not None


def _count(ctx: Context, verdict: Verdict) -> None:
    ctx.metrics.record_comment(CommentStatus.HIDDEN.value)
    count_rules(ctx, verdict)
    ctx.metrics.record_decision(Action.hide.value, [o.rule for o in verdict.matched()])
