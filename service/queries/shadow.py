"""Comments two models have scored: the one that decided, and the one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.automation import DecisionSource
from service.models import Decision, Score

SHADOW_TASK = "shadow"


@dataclass(frozen=True, slots=True)
class ShadowScored:
    """A decision, the signals it saw, and what the shadow model says instead of its scores."""

    comment_id: UUID
    action: str
    signals: dict[str, dict[str, Any]]
    model: str
    version: str
    shadow_values: dict[str, float]


def shadow_scored(session: Session, *, site_id: UUID, limit: int) -> Sequence[ShadowScored]:
    """The newest automated decisions on comments that a shadow model has scored too."""
    rows = session.execute(
        select(Decision, Score)
        .join(
            Score,
            (Score.comment_id == Decision.comment_id)
            & (Score.revision == Decision.revision)
            & (Score.task == SHADOW_TASK),
        )
        .where(
            Decision.site_id == site_id,
            Decision.automated,
            Decision.comment_id.is_not(None),
            Decision.source == DecisionSource.RULE.value,
        )
        .order_by(Decision.created_at.desc())
        .limit(limit)
    )
    return [
        ShadowScored(
            comment_id=score.comment_id,
            action=decision.action,
            signals=decision.signals,
            model=score.model,
            version=score.version,
            shadow_values=score.values,
        )
        for decision, score in rows
    ]
