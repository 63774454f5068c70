"""Shapes of the engagement figures."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.fields import Text
from service.api.schemas import SiteQuery, moment

BY = ("day", "section", "article")
FORMATS = ("json", "csv")
ARTICLES_DEFAULT, ARTICLES_MAX = 50, 500
HOURS_DEFAULT, HOURS_MAX = 6, 72
ACTIVE_DEFAULT, ACTIVE_MAX = 20, 100
SECTION_MAX, KEY_MAX = 80, 200


class EngagementQuery(SiteQuery):
    """Of what and when. Days are days in UTC, both included; without them the last 28."""

    first = fields.Date(load_default=None, data_key="from")
    last = fields.Date(load_default=None, data_key="to")
    section = Text(load_default=None, validate=validate.Length(1, SECTION_MAX))
    article = Text(load_default=None, validate=validate.Length(1, KEY_MAX))
    by = fields.String(load_default="day", validate=validate.OneOf(BY))
    # How many articles a series by article has at most.
    limit = fields.Integer(load_default=ARTICLES_DEFAULT, validate=validate.Range(1, ARTICLES_MAX))
    format = fields.String(load_default=None, validate=validate.OneOf(FORMATS))


class ActiveQuery(SiteQuery):
    """How far back, and how many articles."""

    hours = fields.Integer(load_default=HOURS_DEFAULT, validate=validate.Range(1, HOURS_MAX))
    limit = fields.Integer(load_default=ACTIVE_DEFAULT, validate=validate.Range(1, ACTIVE_MAX))


class SharesOut(Schema):
    """Shares (0–1) of the comments posted, by the status they have now; null without comments."""

    published = fields.Float(allow_none=True)
    held = fields.Float(allow_none=True)
    hidden = fields.Float(allow_none=True)
    rejected = fields.Float(allow_none=True)
    removed = fields.Float(allow_none=True)


class FiguresOut(Schema):
    """Figures of the comments posted in a time; docs/engagement.md defines each."""

    comments = fields.Integer()
    pending = fields.Integer()
    published = fields.Integer()
    held = fields.Integer()
    hidden = fields.Integer()
    rejected = fields.Integer()
    removed = fields.Integer()
    withdrawn = fields.Integer()
    erased = fields.Integer()
    unaided = fields.Integer()
    shares = fields.Nested(SharesOut)
    readers = fields.Integer()
    new_readers = fields.Integer()
    returning_readers = fields.Integer()
    threads = fields.Integer()
    answered = fields.Integer()
    replies = fields.Integer()
    replies_per_comment = fields.Float(allow_none=True)
    depth_mean = fields.Float(allow_none=True)
    depth_max = fields.Integer()
    # Medians, in seconds.
    first_comment_seconds = fields.Float(allow_none=True)
    first_reply_seconds = fields.Float(allow_none=True)
    reactions = fields.Integer()
    reports = fields.Integer()
    reported = fields.Integer()
    featured = fields.Integer()
    threads_left = fields.Integer()
    threads_adrift = fields.Integer()
    # 0 to 100; null with too few comments to say.
    health = fields.Float(allow_none=True)


class TotalsOut(FiguresOut):
    """The whole period taken together."""

    regular_readers = fields.Integer()


class ComponentOut(Schema):
    """One part of health: a share (0–1), what is bad and what good, the points it brings."""

    name = fields.String()
    share = fields.Float(allow_none=True)
    bad = fields.Float()
    good = fields.Float()
    points = fields.Float(allow_none=True)
    most = fields.Float()


class HealthOut(Schema):
    """Conversation health and what it is the sum of."""

    value = fields.Float(allow_none=True)
    components = fields.List(fields.Nested(ComponentOut))


class ArticleNamedOut(Schema):
    """An article as lists name it."""

    key = fields.String()
    title = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    section = fields.String(allow_none=True)


class EntryOut(FiguresOut):
    """One line of a series: `day`, `section` (null for none) or `article` says of what."""

    day = fields.Date()
    section = fields.String(allow_none=True)
    article = fields.Nested(ArticleNamedOut)


class EngagementOut(Schema):
    """Totals, a series, health and the most active articles of the period."""

    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    section = fields.String(allow_none=True)
    article = fields.String(allow_none=True)
    by = fields.String()
    # Everything that happened before is counted; null while nothing was counted yet.
    as_of = moment(allow_none=True)
    totals = fields.Nested(TotalsOut)
    health = fields.Nested(HealthOut)
    series = fields.List(fields.Nested(EntryOut))
    top_articles = fields.List(fields.Nested(EntryOut))
    # Where the drift of this article's threads over time is told.
    drift_url = fields.String(allow_none=True)


class ActiveArticleOut(ArticleNamedOut):
    """An article's last hours; `before` counts the comments of as many hours before them."""

    comments = fields.Integer()
    published = fields.Integer()
    readers = fields.Integer()
    before = fields.Integer()


class ActiveOut(Schema):
    """The articles with the most comments in the last hours, counted from the comments now."""

    hours = fields.Integer()
    as_of = moment()
    articles = fields.List(fields.Nested(ActiveArticleOut))
