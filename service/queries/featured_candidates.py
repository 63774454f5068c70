"""Comments the newsroom may want to feature: a bounded pool by index, ordered by merit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, defer, joinedload

from service.domain.comment import CommentStatus
from service.domain.constructiveness import Constructiveness, constructiveness
from service.domain.featured import Merit, may_be_suggested, merit
from service.domain.report import ReportState
from service.domain.scoring import RELEVANCE_LABEL
from service.models import Article, Comment, Event, Report, ReviewItem, ReviewState, Score
from service.queries.thread_order import SECTIONS

# Of an article its best ranked threads, of a site what was published last: nothing beyond is
# looked at, so that the answer costs the same on every site.
POOL = 200
TOXICITY = "toxicity"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A comment, its article, and everything its place in the list rests on."""

    comment: Comment
    article: Article
    merit: Merit
    toxicity: float
    relevance: float | None
    writing: Constructiveness | None

    @property
    def reactions(self) -> int:
        """How many reactions it has, of all kinds."""
        return sum(self.comment.reactions.values())


def featured_candidates(
    session: Session, *, site_id: UUID, article_id: UUID | None, limit: int
) -> list[Candidate]:
    """The comments with most merit, best first.

    1. Top-level, public, not lowered in rank, without a remark of the newsroom's, not yet picked.
    2. No report on it was upheld, and nothing about it waits for a decision.
    3. Its toxicity is known and low.
    """
    pool = _of_article(session, article_id) if article_id else _latest(session, site_id)
    scores = _scores(session, pool)
    found = []
    for comment, article in _fit(session, site_id, pool):
        known = scores.get((comment.id, comment.revision), {})
        toxicity, relevance = known.get(TOXICITY), known.get(RELEVANCE_LABEL)
        if toxicity is None or not may_be_suggested(toxicity):
            continue
        writing = constructiveness(comment.body, language=comment.language)
        worth = merit(
            reactions=sum(comment.reactions.values()),
            replies=comment.visible_replies,
            constructiveness=writing.value if writing is not None else None,
            relevance=relevance,
        )
        found.append(Candidate(comment, article, worth, toxicity, relevance, writing))
    return sorted(found, key=lambda c: (-c.merit.total, c.comment.id))[:limit]


def pool_query(article_id: UUID) -> Select[Comment]:
    """The threads of an article to choose from: its best ranked ones."""
    best = next(section for section in SECTIONS["top"] if not section.demoted)
    return best.threads(article_id, None).limit(POOL)


def _of_article(session: Session, article_id: UUID) -> Sequence[UUID]:
    return [comment.id for comment in session.scalars(pool_query(article_id))]


def _latest(session: Session, site_id: UUID) -> Sequence[UUID]:
    published = session.scalars(
        select(Event.comment_id)
        .where(Event.site_id == site_id, Event.kind == "comment.published")
        .order_by(Event.id.desc())
        .limit(POOL)
    )
    return list({comment_id for comment_id in published if comment_id is not None})


def _fit(
    session: Session, site_id: UUID, pool: Sequence[UUID]
) -> Sequence[tuple[Comment, Article]]:
    upheld = exists().where(
        Report.comment_id == Comment.id, Report.state == ReportState.UPHELD.value
    )
    waiting = exists().where(
        ReviewItem.comment_id == Comment.id, ReviewItem.state != ReviewState.DECIDED.value
    )
    rows = session.execute(
        select(Comment, Article)
        .join(Article, Article.id == Comment.article_id)
        .where(
            Comment.id.in_(pool),
            Comment.site_id == site_id,
            Comment.parent_id.is_(None),
            Comment.status == CommentStatus.PUBLISHED.value,
            Comment.demoted.is_(False),
            Comment.label.is_(None),
            Comment.featured_at.is_(None),
            ~upheld,
            ~waiting,
        )
        .options(joinedload(Comment.reader, innerjoin=True), defer(Article.body, raiseload=True))
    )
    return [(comment, article) for comment, article in rows]


def _scores(session: Session, pool: Sequence[UUID]) -> dict[tuple[UUID, int], dict[str, float]]:
    """The latest toxicity and relevance of each revision."""
    rows = session.execute(
        select(Score.comment_id, Score.revision, Score.values)
        .where(Score.comment_id.in_(pool), Score.task.in_((TOXICITY, RELEVANCE_LABEL)))
        .order_by(Score.id)
    )
    found: dict[tuple[UUID, int], dict[str, float]] = {}
    for comment_id, revision, values in rows:
        known = found.setdefault((comment_id, revision), {})
        known.update({k: v for k, v in values.items() if k in (TOXICITY, RELEVANCE_LABEL)})
    return found
