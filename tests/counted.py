"""Counts that readers see, compared with a count of the rows behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
from uuid import UUID

import pytest
from sqlalchemy import func, select

from service.domain.ranking import rank
from service.models import Comment, Reaction
from service.usecases.context import Context


def check_counts(ctx: Context) -> None:
    """Fail unless every comment's reactions, replies and rank are what its rows say."""
    rows: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    with ctx.reading() as session:
        grouped = select(Reaction.comment_id, Reaction.kind, func.count()).group_by(
            Reaction.comment_id, Reaction.kind
        )
        for comment_id, kind, count in session.execute(grouped):
            rows[comment_id][kind] = count
        comments = session.scalars(select(Comment)).all()
    replies = Counter(c.root_id for c in comments if c.parent_id and c.status == "published")
    for comment in comments:
        assert comment.reactions == dict(rows[comment.id])
        if comment.parent_id is None:
            assert comment.visible_replies == replies[comment.id]
            assert comment.rank == pytest.approx(_rank_of(comment, rows[comment.id].total()))


def _rank_of(comment: Comment, reactions: int) -> float:
    return rank(reactions=reactions, replies=comment.visible_replies, advance=comment.advance)
