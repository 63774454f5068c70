"""SQLAlchemy tables, with the methods that keep their invariants."""

from service.models.article import Article, FetchState, Passage
from service.models.base import Base, new_id, utc_now
from service.models.comment import Comment, CommentRevision, visible_change
from service.models.decision import Decision, GuidelineVersion, StatementOfReasons
from service.models.event import Event
from service.models.idempotency import IdempotencyKey
from service.models.reader import Reader, ReaderKind, Standing
from service.models.review import ReviewItem, ReviewState
from service.models.score import Score, ScorerHeartbeat
from service.models.site import ApiKey, Site

__all__ = [
    "ApiKey",
    "Article",
    "Base",
    "Comment",
    "CommentRevision",
    "Decision",
    "Event",
    "FetchState",
    "GuidelineVersion",
    "IdempotencyKey",
    "Passage",
    "Reader",
    "ReaderKind",
    "ReviewItem",
    "ReviewState",
    "Score",
    "ScorerHeartbeat",
    "Site",
    "Standing",
    "StatementOfReasons",
    "new_id",
    "utc_now",
    "visible_change",
]
