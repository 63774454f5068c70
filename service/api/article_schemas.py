"""Shapes of articles and counts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.fields import Text, WebUrl
from service.api.schemas import SiteQuery, moment
from service.domain.article import ArticleMode

COUNTS_MAX = 100
TITLE_MAX, BODY_MAX, SECTION_MAX, TAG_MAX, TAGS_MAX = 500, 1_000_000, 80, 60, 40


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
    drifting = fields.Boolean(
        metadata={"description": "its talk has left it; false where the site tells nobody"}
    )
    text = fields.String(
        metadata={"description": "indexed, waiting, missing or failed: what relevance rests on"}
    )


class CountsQuery(SiteQuery):
    """Addresses of up to 100 articles."""

    url = fields.List(WebUrl(), required=True, validate=validate.Length(1, COUNTS_MAX))


class CountsOut(Schema):
    """Published comments by address."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
