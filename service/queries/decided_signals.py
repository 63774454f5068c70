"""The newest automated decisions with the signals they saw and what people decided after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, func, literal, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.domain.automation import DecisionSource
from service.domain.backtest import DECISIVE
from service.models import Comment, CommentRevision, Decision

ROWS_AT_A_TIME = 1_000
EXCERPT_CHARS = 280
# The ids of the enforced rules that matched: the database leaves their values behind.
_MATCHED = func.jsonb_path_query_array(
    Decision.rules,
    literal_column("""'$[*] ? (@.mode == "enforce" && @.result == "match").rule'::jsonpath"""),
)

Revision = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class DecidedSignals:
    """An automated decision. `person` is the action a person took on the same revision."""

    comment_id: UUID
    revision: int
    action: str
    rules: Sequence[str]
    signals: dict[str, dict[str, Any]]
    policy_version: str
    person: str | None

    @property
    def key(self) -> Revision:
        """Which text it was about."""
        return self.comment_id, self.revision


def decided_signals(
    session: Session, *, site_id: UUID, limit: int
) -> Iterator[list[DecidedSignals]]:
    """The newest `limit` decisions that rules took when comments were scored, in batches.

    Each batch is a statement of its own that goes on where the last one ended, along the index on
    time: one statement for all would sort every row with its signals, on disk.
    """
    after: tuple[datetime, UUID] | None = None
    while limit > 0:
        rows = session.execute(_batch(site_id, after, min(limit, ROWS_AT_A_TIME))).all()
        if not rows:
            return
        limit -= len(rows)
        after = rows[-1].created_at, rows[-1].id
        people = _people(session, [row.comment_id for row in rows])
        yield [
            DecidedSignals(
                comment, revision, action, rules, signals, version, people.get((comment, revision))
            )
            for _, _, comment, revision, action, rules, signals, version in rows
        ]


def _batch(site_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    found = select(
        Decision.created_at,
        Decision.id,
        Decision.comment_id,
        Decision.revision,
        Decision.action,
        _MATCHED,
        Decision.signals,
        Decision.policy_version,
    ).where(
        Decision.site_id == site_id,
        Decision.automated,
        Decision.comment_id.is_not(None),
        Decision.source == DecisionSource.RULE.value,
    )
    if after is not None:
        older = tuple_(Decision.created_at, Decision.id) < after
        # Said twice: the index knows only the first part.
        found = found.where(Decision.created_at <= after[0], older)
    return found.order_by(Decision.created_at.desc(), Decision.id.desc()).limit(limit)


def bodies_of(session: Session, revisions: Sequence[Revision]) -> dict[Revision, str]:
    """The texts of revisions; one whose text is gone is left out."""
    wanted = set(revisions)
    rows = session.execute(
        select(CommentRevision.comment_id, CommentRevision.revision, CommentRevision.body).where(
            CommentRevision.comment_id == _any_of([comment for comment, _ in revisions])
        )
    )
    texts = {(comment, revision): body for comment, revision, body in rows}
    return {key: body for key, body in texts.items() if body and key in wanted}


def excerpts(session: Session, ids: Sequence[UUID], *, site_id: UUID) -> dict[UUID, str]:
    """The beginnings of comments of a site, for those who may read them."""
    rows = session.execute(
        select(Comment.id, func.left(Comment.body, EXCERPT_CHARS)).where(
            Comment.id.in_(ids), Comment.site_id == site_id
        )
    )
    return {row[0]: row[1] for row in rows}


def _any_of(ids: Sequence[Any]) -> Any:
    """One array instead of a thousand parameters."""
    return any_(literal(list(ids), ARRAY(Uuid)))


def _people(session: Session, ids: Sequence[Any]) -> dict[tuple[Any, Any], str]:
    """The last decisive action of a person that stands, by revision."""
    rows = session.execute(
        select(Decision.comment_id, Decision.revision, Decision.action)
        .where(
            Decision.comment_id == _any_of(ids),
            Decision.action.in_(DECISIVE),
            ~Decision.automated,
            Decision.reversed_at.is_(None),
        )
        .order_by(Decision.created_at)
    )
    return {(comment, revision): action for comment, revision, action in rows}
