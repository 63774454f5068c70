"""Shapes of drift: threads comment by comment, and articles that drift."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.fields import KEY_PATTERN, Cursor, Text
from service.api.schemas import SiteQuery, moment

THREADS_DEFAULT, THREADS_MAX = 20, 50
INDEX_MAX = 2**31 - 1


class DriftQuery(SiteQuery):
    """Which article, and which of its threads."""

    article = Text(required=True, validate=validate.Regexp(f"^{KEY_PATTERN}\\Z"))
    thread = fields.UUID(load_default=None, metadata={"description": "one thread only"})
    before = fields.Integer(
        load_default=None,
        validate=validate.Range(1, INDEX_MAX),
        metadata={"description": "points before this index"},
    )
    away = fields.Boolean(
        load_default=False, metadata={"description": "only threads that are away now"}
    )
    cursor = Cursor(load_default=None, metadata={"type": "string"})
    limit = fields.Integer(load_default=THREADS_DEFAULT, validate=validate.Range(1, THREADS_MAX))


class PointOut(Schema):
    """One comment: how near it is to the article, and how far the thread was away with it."""

    comment_id = fields.UUID(required=True)
    index = fields.Integer()
    at = moment()
    relevance = fields.Float(allow_none=True, metadata={"description": "0–1; null: unknown"})
    drift = fields.Float(metadata={"description": "0–1; from 0.85 on the thread counts as away"})


class MomentOut(Schema):
    """The comment with which a thread left or came back."""

    change = fields.String(validate=validate.OneOf(["left", "returned"]))
    comment_id = fields.UUID()
    index = fields.Integer()
    at = moment(allow_none=True)
    noticed_at = moment()


class ThreadDriftOut(Schema):
    """A thread's course, oldest first; `next_before` asks for earlier points, null at the first."""

    id = fields.UUID(required=True)
    state = fields.String(validate=validate.OneOf(["on", "left", "returned"]))
    drift = fields.Float()
    comments = fields.Integer(metadata={"description": "comments that were counted"})
    away_since = moment(allow_none=True)
    left_at = fields.Nested(MomentOut, allow_none=True)
    returned_at = fields.Nested(MomentOut, allow_none=True)
    moments = fields.List(fields.Nested(MomentOut))
    points = fields.List(fields.Nested(PointOut))
    next_before = fields.Integer(allow_none=True)


class ArticleMomentOut(Schema):
    """When an article began to drift or ceased to, and what its last comments were then."""

    drifting = fields.Boolean()
    at = moment()
    threads = fields.Integer()
    away_threads = fields.Integer()
    comments = fields.Integer()
    share = fields.Float()


class RecentTalkOut(Schema):
    """Where the article's last comments were said."""

    comments = fields.Integer()
    away = fields.Integer()
    threads = fields.Integer()
    away_threads = fields.Integer()
    share = fields.Float()


class ArticleDriftOut(Schema):
    """The article as a whole."""

    key = fields.String(required=True)
    title = fields.String(allow_none=True)
    drifting = fields.Boolean()
    drifting_since = moment(allow_none=True)
    recent = fields.Nested(RecentTalkOut)
    moments = fields.List(fields.Nested(ArticleMomentOut))


class DriftOut(Schema):
    """An article's drift: as a whole, and thread by thread, newest thread first."""

    article = fields.Nested(ArticleDriftOut)
    threads = fields.List(fields.Nested(ThreadDriftOut))
    next_cursor = fields.String(allow_none=True)


class DriftingArticleOut(Schema):
    """An article, and how many of its threads left in this time and are away still."""

    key = fields.String(required=True)
    title = fields.String(allow_none=True)
    drifting_since = moment(allow_none=True)
    away_threads = fields.Integer(attribute="away")


class DriftingArticlesOut(Schema):
    """Articles with threads away, most first."""

    articles = fields.List(fields.Nested(DriftingArticleOut))
