"""Which comments wait to be scored: pending, and not with their author for a second thought."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from service.domain.comment import CommentStatus
from service.models import Comment


def to_be_scored(now: datetime) -> ColumnElement[bool]:
    """The condition: pending, and no author is being asked, or the time to answer is over."""
    return and_(
        Comment.status == CommentStatus.PENDING.value,
        or_(Comment.nudge_until.is_(None), Comment.nudge_until <= now),
    )
