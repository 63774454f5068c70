"""Past decisions of people on comments like this one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.models import Comment, Decision

# How many of the newest decisions by people are compared.
COMPARED = 200
SHOWN = 5
JUDGING = ("approve", "reject", "remove", "restore", "demote", "hide")
# A near copy of the text comes before any likeness of scores.
COPY_DISTANCE = -1.0


@dataclass(frozen=True, slots=True)
class SimilarDecision:
    """A decision and how far (0 = same scores; -1 = nearly the same text) its comment is."""

    decision: Decision
    body: str
    distance: float


def similar_decisions(
    session: Session, comment: Comment, scores: Mapping[str, float]
) -> Sequence[SimilarDecision]:
    """The nearest among the newest decisions of people on other comments of this site.

    The distance is the root of the mean squared difference of the scores both have, each a
    probability (0–1); comments that share nothing are left out.
    """
    is_copy: ColumnElement[bool] = Comment.fingerprint == comment.fingerprint
    if comment.bands:
        is_copy = or_(is_copy, Comment.bands.overlap(comment.bands))
    rows = session.execute(
        select(Decision.id, Decision.signals["scores"], is_copy)
        .join(Comment, Comment.id == Decision.comment_id)
        .where(
            Decision.site_id == comment.site_id,
            ~Decision.automated,
            Decision.action.in_(JUDGING),
            Decision.reversed_at.is_(None),
            Decision.comment_id != comment.id,
        )
        .order_by(Decision.id.desc())
        .limit(COMPARED)
    ).all()
    ranked: list[tuple[float, UUID]] = []
    for decision_id, other, copied in rows:
        distance = COPY_DISTANCE if copied else _distance(scores, other or {})
        if distance is not None:
            ranked.append((distance, decision_id))
    nearest = {decision: distance for distance, decision in sorted(ranked)[:SHOWN]}
    found = session.execute(
        select(Decision, Comment.body)
        .join(Comment, Comment.id == Decision.comment_id)
        .where(Decision.id.in_(nearest))
    ).all()
    similar = [SimilarDecision(row, body, nearest[row.id]) for row, body in found]
    return sorted(similar, key=lambda one: one.distance)


def _distance(own: Mapping[str, float], other: Mapping[str, float]) -> float | None:
    shared = own.keys() & other.keys()
    if not shared:
        return None
    return math.sqrt(sum((own[name] - other[name]) ** 2 for name in shared) / len(shared))
