"""Write down what the models said and what was decided from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.comment import CommentStatus
from service.domain.decision import Decision, RuleOutcome
from service.domain.scoring import Assessment, ScoreResult
from service.models import Comment, Score, new_id
from service.models import Decision as DecisionRow
from service.queries.shadow import SHADOW_TASK


def store_scores(session: Session, comment: Comment, assessment: Assessment, now: datetime) -> None:
    """Store one row per model; a second delivery of the same scores changes nothing."""
    rows = [
        _score_row(comment, task, result, now)
        for task, result in (
            ("toxicity", assessment.toxicity),
            ("relevance", assessment.relevance),
            (SHADOW_TASK, assessment.shadow),
        )
        if result is not None and result.version
    ]
    if rows:
        session.execute(insert(Score).values(rows).on_conflict_do_nothing())
    comment.language = assessment.toxicity.language


def _score_row(comment: Comment, task: str, result: ScoreResult, now: datetime) -> dict[str, Any]:
    fields = asdict(result)
    return fields | {
        "comment_id": comment.id,
        "revision": comment.revision,
        "task": task,
        "created_at": now,
    }


def decision_row(
    comment: Comment,
    decision: Decision,
    signals: Mapping[str, Any],
    status: CommentStatus,
    now: datetime,
) -> DecisionRow:
    """The automated decision as a row, with every rule that fired and every signal it saw."""
    fired = [_outcome(o) for o in decision.outcomes if o.result != "no_match"]
    return DecisionRow(
        id=new_id(),
        site_id=comment.site_id,
        comment_id=comment.id,
        revision=comment.revision,
        reader_id=comment.reader_id,
        action=decision.action.value,
        guideline=decision.guideline,
        queue=decision.queue,
        demote=decision.demote,
        rules=fired,
        signals={name: dict(values) for name, values in signals.items()},
        policy_version=decision.policy_version,
        shadow_action=decision.shadow_action.value if decision.shadow_action else None,
        source=DecisionSource.RULE.value,
        automated=True,
        automated_detection=True,
        automated_decision=AutomatedDecision.FULLY.value,
        final_at=now,
        from_status=CommentStatus.PENDING.value,
        to_status=status.value,
        created_at=now,
    )


def _outcome(outcome: RuleOutcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule,
        "result": outcome.result,
        "mode": outcome.mode,
        "action": outcome.action,
        "guideline": outcome.guideline,
        "values": dict(outcome.values),
    }
