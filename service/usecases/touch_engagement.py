"""Note that a comment's figures changed where the log says nothing of it: reactions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from service.models import Comment, EngagementTouch


def touch_engagement(session: Session, comments: Iterable[Comment], *, now: datetime) -> None:
    """Append one row per article and day, in the transaction that makes the change.

    Rows are only ever added, so nobody waits for anybody; the next roll-up uses them up.
    """
    cells = {(c.site_id, c.article_id, c.created_at.astimezone(UTC).date()) for c in comments}
    rows = [
        {"site_id": site_id, "article_id": article_id, "day": day, "created_at": now}
        for site_id, article_id, day in sorted(cells)
    ]
    if rows:
        session.execute(insert(EngagementTouch), rows)
