"""Shapes of what comes in and what goes out; unknown fields are refused."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from service.api.fields import SITE_PATTERN, Cursor, Text, WebUrl
from service.domain.article import ArticleMode

PAGE_DEFAULT, PAGE_MAX = 20, 100
COUNTS_MAX = 100
SORTS = ("newest", "oldest")
TITLE_MAX, BODY_MAX, SECTION_MAX, TAG_MAX, TAGS_MAX = 500, 1_000_000, 80, 60, 40
RAW_COMMENT_MAX = 200_000
LOCALE_PATTERN = r"^[A-Za-z]{2,3}([_-][A-Za-z]{2,4})?$"


def moment(**kwargs: Any) -> fields.AwareDateTime:
    """A time with its zone, as RFC 3339 writes it."""
    return fields.AwareDateTime(format="iso", default_timezone=UTC, **kwargs)


class ProblemOut(Schema):
    """An RFC 9457 problem: what went wrong, for people (`detail`) and programs (`code`)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    request_id = fields.String(allow_none=True)
    errors = fields.Dict(keys=fields.String())


class SiteQuery(Schema):
    """Which publication; without it the installation's default."""

    class Meta:
        unknown = EXCLUDE

    site = Text(validate=validate.Regexp(f"^{SITE_PATTERN}$"))


class PageQuery(SiteQuery):
    """One page of a list."""

    cursor = Cursor(load_default=None, metadata={"type": "string"})
    limit = fields.Integer(
        load_default=PAGE_DEFAULT, validate=validate.Range(1, PAGE_MAX), strict=False
    )


class ThreadQuery(PageQuery):
    """One page of an article's threads."""

    sort = fields.String(load_default="newest", validate=validate.OneOf(SORTS))


class CountsQuery(SiteQuery):
    """Addresses of up to 100 articles."""

    url = fields.List(WebUrl(), required=True, validate=validate.Length(1, COUNTS_MAX))


class GuidelinesQuery(SiteQuery):
    """In which language."""

    locale = Text(load_default=None, validate=validate.Regexp(LOCALE_PATTERN))


class ArticleIn(Schema):
    """What a publisher says of an article; what is left out stays as it was."""

    url = WebUrl()
    title = Text(validate=validate.Length(1, TITLE_MAX))
    body = Text(validate=validate.Length(max=BODY_MAX))
    section = Text(validate=validate.Length(1, SECTION_MAX))
    tags = fields.List(
        Text(validate=validate.Length(1, TAG_MAX)), validate=validate.Length(max=TAGS_MAX)
    )
    published_at = moment()
    mode = fields.Enum(ArticleMode, by_value=True)
    closes_at = moment()


class VisitIn(Schema):
    """The canonical address of the page a reader is on."""

    url = WebUrl(required=True)


class ArticleOut(Schema):
    """An article and the state of its conversation."""

    key = fields.String(required=True)
    url = fields.String(allow_none=True)
    title = fields.String(allow_none=True)
    section = fields.String(allow_none=True)
    tags = fields.List(fields.String())
    mode = fields.String()
    is_open = fields.Boolean()
    closes_at = moment(allow_none=True)
    published_at = moment(allow_none=True)
    comment_count = fields.Integer(attribute="published_count")
    text = fields.String(
        metadata={"description": "indexed, waiting, missing or failed: what relevance rests on"}
    )


class CountsOut(Schema):
    """Published comments by address."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class CommentIn(Schema):
    """A new comment."""

    body = Text(required=True, validate=validate.Length(max=RAW_COMMENT_MAX))
    parent_id = fields.UUID(load_default=None, allow_none=True)


class CommentEdit(Schema):
    """A new text. `revision` is the one the author saw."""

    body = Text(required=True, validate=validate.Length(max=RAW_COMMENT_MAX))
    revision = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 2**31 - 1))


class WriteHeaders(Schema):
    """Headers of a request that must not be carried out twice."""

    class Meta:
        unknown = EXCLUDE

    idempotency_key = Text(
        data_key="Idempotency-Key",
        load_default=None,
        validate=validate.Regexp(r"^[\x21-\x7e]{1,200}$"),
    )


class AuthorOut(Schema):
    """The public side of a reader."""

    id = fields.UUID()
    username = fields.String()
    avatar = fields.String(allow_none=True)
    badges = fields.List(fields.String())


class CommentOut(Schema):
    """A public comment. Where only its replies are public, text and author are null."""

    id = fields.UUID(required=True)
    parent_id = fields.UUID(allow_none=True)
    status = fields.String()
    author = fields.Nested(AuthorOut, allow_none=True)
    html = fields.String(allow_none=True)
    created_at = moment()
    edited_at = moment(allow_none=True)
    demoted = fields.Boolean()


class ThreadOut(CommentOut):
    """A top-level comment with its first replies."""

    reply_count = fields.Integer()
    replies = fields.List(fields.Nested(CommentOut))


class ThreadPageOut(Schema):
    """One page of threads."""

    comment_count = fields.Integer()
    threads = fields.List(fields.Nested(ThreadOut))
    next_cursor = fields.String(allow_none=True)


class ReplyPageOut(Schema):
    """One page of replies, each naming its parent."""

    replies = fields.List(fields.Nested(CommentOut))
    next_cursor = fields.String(allow_none=True)


class GuidelineOut(Schema):
    """One clause of the community guidelines."""

    id = fields.String()
    clause = fields.String()
    title = fields.String()
    text = fields.String()
    report_label = fields.String()


class GuidelinesOut(Schema):
    """The community guidelines in one language, and the version in force."""

    version = fields.String()
    guidelines = fields.List(fields.Nested(GuidelineOut))


class StatementOut(Schema):
    """Why a comment was restricted, in full."""

    measure = fields.String()
    ground = fields.String()
    facts = fields.String()
    automated_detection = fields.Boolean()
    automated_decision = fields.String()
    redress = fields.String()
    created_at = moment()


class OutcomeOut(Schema):
    """What became of a comment, as its author is told."""

    action = fields.String()
    explanation = fields.String()
    guideline = fields.Nested(GuidelineOut, allow_none=True)
    rules = fields.List(fields.String())
    policy_version = fields.String(allow_none=True)
    decided_at = moment(allow_none=True)
    statement_of_reasons = fields.Nested(StatementOut, allow_none=True)


class OwnCommentOut(CommentOut):
    """A comment as its author sees it, whatever became of it."""

    article_key = fields.String()
    body = fields.String()
    revision = fields.Integer()
    editable_until = moment(allow_none=True)
    outcome = fields.Nested(OutcomeOut)


class OwnCommentsOut(Schema):
    """One page of one's own comments."""

    comments = fields.List(fields.Nested(OwnCommentOut))
    next_cursor = fields.String(allow_none=True)


class MeOut(AuthorOut):
    """The reader who asks."""

    kind = fields.String()
    standing = fields.String()
    approved_count = fields.Integer()
    created_at = moment()


class GuestIn(Schema):
    """The name a guest wants to go by."""

    username = Text(required=True, validate=validate.Length(1, 80))


class GuestOut(Schema):
    """A guest's token: keep it, it is the only way back to one's comments."""

    token = fields.String(required=True)
