"""Shapes of reactions and of a reader's own view."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.comment_schemas import AuthorOut
from service.api.fields import KEY_PATTERN, Text
from service.api.schemas import SiteQuery, moment


class ReactionsOut(Schema):
    """How many readers reacted to a comment, by kind."""

    reactions = fields.Dict(keys=fields.String(), values=fields.Integer())


class ViewQuery(SiteQuery):
    """Under which article."""

    article = Text(required=True, validate=validate.Regexp(f"^{KEY_PATTERN}$"))


class OwnViewOut(Schema):
    """What a reader's page of one article leaves out, puts first and marks as reacted to."""

    muted = fields.List(fields.UUID())
    promoted = fields.List(fields.UUID())
    hidden = fields.List(fields.UUID())
    # Kinds by the id of the comment.
    reacted = fields.Dict(keys=fields.UUID(), values=fields.List(fields.String()))


class OwnReadersOut(Schema):
    """Readers of one's own list, by name."""

    readers = fields.List(fields.Nested(AuthorOut))


class HiddenOut(Schema):
    """A comment one hid. The author is null where it is no longer public."""

    id = fields.UUID()
    article_key = fields.String()
    author = fields.Nested(AuthorOut, allow_none=True)
    hidden_at = moment()


class HiddenCommentsOut(Schema):
    """Comments one hid, latest first."""

    comments = fields.List(fields.Nested(HiddenOut))
