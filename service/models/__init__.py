"""SQLAlchemy tables, with the methods that keep their invariants."""

from service.domain.sanction import Standing
from service.models.appeal import Appeal, QaSample
from service.models.article import Article, FetchState, Passage
from service.models.base import Base, new_id, utc_now
from service.models.comment import Comment, CommentRevision, visible_change
from service.models.decision import Decision, StatementOfReasons
from service.models.digest import Digest
from service.models.engagement import (
    EngagementArticle,
    EngagementCell,
    EngagementCursor,
    EngagementDay,
    EngagementReader,
    EngagementTouch,
)
from service.models.event import Event, EventSeal
from service.models.guideline import GuidelineActivation, GuidelineVersion
from service.models.idempotency import IdempotencyKey
from service.models.moderator import (
    CredentialKind,
    Exposure,
    Membership,
    Moderator,
    ModeratorCredential,
)
from service.models.notification import Notification
from service.models.own_view import HiddenComment, Mute, Promotion
from service.models.reaction import Reaction
from service.models.reader import Reader, ReaderKind
from service.models.report import Notice, Report
from service.models.review import ReviewItem, ReviewState
from service.models.sanction import Proposal, ReaderNote, Sanction, Strike
from service.models.score import Score, ScorerHeartbeat
from service.models.site import ApiKey, Site
from service.models.webhook import Webhook, WebhookCursor, WebhookDelivery

__all__ = [
    "ApiKey",
    "Appeal",
    "Article",
    "Base",
    "Comment",
    "CommentRevision",
    "CredentialKind",
    "Decision",
    "Digest",
    "EngagementArticle",
    "EngagementCell",
    "EngagementCursor",
    "EngagementDay",
    "EngagementReader",
    "EngagementTouch",
    "Event",
    "EventSeal",
    "Exposure",
    "FetchState",
    "GuidelineActivation",
    "GuidelineVersion",
    "HiddenComment",
    "IdempotencyKey",
    "Membership",
    "Moderator",
    "ModeratorCredential",
    "Mute",
    "Notice",
    "Notification",
    "Passage",
    "Promotion",
    "Proposal",
    "QaSample",
    "Reaction",
    "Reader",
    "ReaderKind",
    "ReaderNote",
    "Report",
    "ReviewItem",
    "ReviewState",
    "Sanction",
    "Score",
    "ScorerHeartbeat",
    "Site",
    "Standing",
    "StatementOfReasons",
    "Strike",
    "Webhook",
    "WebhookCursor",
    "WebhookDelivery",
    "new_id",
    "utc_now",
    "visible_change",
]
