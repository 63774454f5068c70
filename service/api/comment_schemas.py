"""Shapes of comments: posted, public, and as their author sees them."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from service.api.fields import Text, ThreadCursor
from service.api.schemas import GuidelineOut, PageQuery, moment
from service.queries.thread_order import SORTS, fits

RAW_COMMENT_MAX = 200_000


class ThreadQuery(PageQuery):
    """One page of an article's threads."""

    sort = fields.String(load_default="newest", validate=validate.OneOf(SORTS))
    cursor = ThreadCursor(load_default=None, metadata={"type": "string"})

    @validates_schema
    def check_cursor(self, data: dict[str, Any], **kwargs: Any) -> None:
        """A cursor goes on in the list it came from."""
        if data["cursor"] is not None and not fits(data["sort"], data["cursor"]):
            raise ValidationError("Is not a cursor of this list.", "cursor")


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
    # A remark by the newsroom; its pick; on a top-level comment, no more replies.
    label = fields.String(allow_none=True)
    featured = fields.Boolean()
    # How many readers reacted, by the kinds the site offers.
    reactions = fields.Dict(keys=fields.String(), values=fields.Integer())
    locked = fields.Boolean()


class ThreadOut(CommentOut):
    """A top-level comment with its first replies."""

    reply_count = fields.Integer()
    # It has moved away from the article; always false where the site tells readers nothing.
    drifting = fields.Boolean()
    replies = fields.List(fields.Nested(CommentOut))


class ThreadPageOut(Schema):
    """One page of threads. `drifting`: the article's conversation as a whole has left it."""

    comment_count = fields.Integer()
    drifting = fields.Boolean()
    threads = fields.List(fields.Nested(ThreadOut))
    next_cursor = fields.String(allow_none=True)


class ReplyPageOut(Schema):
    """One page of replies, each naming its parent."""

    replies = fields.List(fields.Nested(CommentOut))
    next_cursor = fields.String(allow_none=True)


class StatementOut(Schema):
    """Why a comment was restricted, in full."""

    measure = fields.String()
    effect = fields.String()
    ground = fields.String()
    facts = fields.String()
    automation = fields.String()
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


class SpanOut(Schema):
    """A piece of the body; offsets count UTF-16 code units, end exclusive."""

    start = fields.Integer()
    end = fields.Integer()


class NudgeOut(Schema):
    """The question to an author who is asked to think again, open until `until`."""

    guideline = fields.String(allow_none=True)
    title = fields.String(allow_none=True)
    message = fields.String()
    sentences = fields.List(fields.Nested(SpanOut))
    until = moment()


class Reconsideration(Schema):
    """The answer "post it as it is"; it has no fields."""


class OwnCommentOut(CommentOut):
    """A comment as its author sees it, whatever became of it."""

    article_key = fields.String()
    body = fields.String()
    revision = fields.Integer()
    editable_until = moment(allow_none=True)
    nudge = fields.Nested(NudgeOut, allow_none=True)
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
