"""Carry a thread's running drift estimate on by one comment."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from service.domain.drift import ThreadDrift, ThreadState
from service.domain.scoring import RELEVANCE_LABEL, Assessment
from service.models import Comment


def track_drift(session: Session, comment: Comment, assessment: Assessment) -> float:
    """Update the estimate kept on the thread's top comment; gives its value (0–1) after this one.

    The caller holds the lock on the top comment. A later revision of a comment was counted
    when it was first scored and does not count again.
    """
    top = session.get_one(Comment, comment.root_id)
    drift = _load(top.drift_state)
    if comment.revision > 1:
        return drift.value
    drift = drift.after(assessment.relevance.values.get(RELEVANCE_LABEL))
    top.drift, top.drift_state = drift.value, asdict(drift)
    return drift.value


def _load(stored: dict[str, Any] | None) -> ThreadDrift:
    if not stored:
        return ThreadDrift()
    return ThreadDrift(**stored | {"state": ThreadState(stored["state"])})
