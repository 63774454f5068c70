"""The shape of one review item with everything around it."""

from __future__ import annotations

from marshmallow import Schema, fields

from service.api.comment_schemas import AuthorOut
from service.api.moderation_schemas import DecisionOut, ItemOut
from service.api.schemas import moment


class RevisionOut(Schema):
    """One revision of the text."""

    revision = fields.Integer()
    body = fields.String()
    created_at = moment()


class RecentCommentOut(Schema):
    """One of the author's own."""

    id = fields.UUID()
    parent_id = fields.UUID(allow_none=True)
    status = fields.String()
    body = fields.String()
    created_at = moment()


class ThreadCommentOut(RecentCommentOut):
    """A comment around the one in question."""

    author = fields.Nested(AuthorOut)


class ArticleExtractOut(Schema):
    """What the comment is about."""

    key = fields.String()
    title = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    section = fields.String(allow_none=True)
    extract = fields.String(allow_none=True)
    nearest = fields.Dict(allow_none=True)
    drift = fields.Float(allow_none=True)


class DepartureOut(Schema):
    """Where a thread left its article, and its comments from there on, oldest first."""

    comment_id = fields.UUID()
    at = moment(allow_none=True)
    noticed_at = moment()
    is_away = fields.Boolean()
    comments = fields.List(fields.Nested(ThreadCommentOut))


class ScoreOut(Schema):
    """What one model said; offsets of the evidence count UTF-16 code units."""

    task = fields.String()
    model = fields.String()
    version = fields.String()
    calibration = fields.String()
    values = fields.Dict()
    unknown_reason = fields.String(attribute="unknown", data_key="unknown", allow_none=True)
    windows = fields.Integer()
    language = fields.String(allow_none=True)
    was_obfuscated = fields.Boolean()
    evidence = fields.Dict()


class ReportSeenOut(Schema):
    """A report with the record of who sent it."""

    id = fields.UUID()
    reader_id = fields.UUID(allow_none=True)
    username = fields.String(allow_none=True)
    guideline = fields.String()
    detail = fields.String(allow_none=True)
    revision = fields.Integer()
    state = fields.String()
    suspected = fields.Boolean()
    reliable = fields.Boolean()
    muted = fields.Boolean()
    reliability = fields.Float()
    reliability_low = fields.Float()
    adjudicated = fields.Integer()
    created_at = moment()


class NoticeSeenOut(Schema):
    """A notice as everybody on the desk sees it; its sender is shown to those who answer it."""

    id = fields.UUID()
    reference = fields.String()
    category = fields.String()
    state = fields.String()
    due_at = moment()
    created_at = moment()


class SanctionSeenOut(Schema):
    """A sanction on the author."""

    id = fields.UUID()
    kind = fields.String()
    guideline = fields.String(allow_none=True)
    automated = fields.Boolean()
    created_at = moment()
    ends_at = moment(allow_none=True)
    ended_at = moment(allow_none=True)


class NoteSeenOut(Schema):
    """A colleague's note on the author."""

    id = fields.UUID()
    moderator_id = fields.UUID()
    body = fields.String()
    created_at = moment()


class HistoryOut(Schema):
    """The author's record."""

    standing = fields.String()
    strikes = fields.Integer()
    approved_count = fields.Integer()
    first_seen = moment()
    counts = fields.Dict()
    rejected_rate_30d = fields.Float()
    recent = fields.List(fields.Nested(RecentCommentOut))
    sanctions = fields.List(fields.Nested(SanctionSeenOut))
    notes = fields.List(fields.Nested(NoteSeenOut))


class SimilarOut(Schema):
    """A person's decision on a comment like this one; distance -1: nearly the same text."""

    decision_id = fields.UUID()
    action = fields.String()
    guideline = fields.String(allow_none=True)
    body = fields.String()
    distance = fields.Float()
    created_at = moment()


class OpinionOut(Schema):
    """What an earlier moderator held of it."""

    action = fields.String()
    guideline = fields.String(allow_none=True)
    by = fields.UUID(allow_none=True)


class ItemViewOut(ItemOut):
    """Everything needed to decide. A second look (`blind`) sees no rule, score or decision."""

    blind = fields.Boolean()
    comment_revision = fields.Integer()
    label = fields.String(allow_none=True)
    demoted = fields.Boolean()
    locked = fields.Boolean()
    featured = fields.Boolean()
    preserved = fields.Boolean()
    human_decision = fields.String()
    created_at = moment()
    revisions = fields.List(fields.Nested(RevisionOut))
    ancestors = fields.List(fields.Nested(ThreadCommentOut))
    replies = fields.List(fields.Nested(ThreadCommentOut))
    departure = fields.Nested(DepartureOut, allow_none=True)
    article = fields.Nested(ArticleExtractOut)
    scores = fields.List(fields.Nested(ScoreOut))
    decisions = fields.List(fields.Nested(DecisionOut))
    reports = fields.List(fields.Nested(ReportSeenOut))
    notices = fields.List(fields.Nested(NoticeSeenOut))
    author_history = fields.Nested(HistoryOut)
    similar = fields.List(fields.Nested(SimilarOut))
    first_opinion = fields.Nested(OpinionOut, allow_none=True)
    actions = fields.List(fields.String())
