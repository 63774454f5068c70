"""Comments suggested to the newsroom for its selection; a person picks, never the machine."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from service.api.app_state import api
from service.api.auth import allow_moderator, caller
from service.api.blueprint import Blueprint
from service.api.comment_schemas import AuthorOut
from service.api.fields import KEY_PATTERN, Text
from service.api.schemas import SiteQuery, moment
from service.queries.articles import get_article
from service.queries.featured_candidates import Candidate, featured_candidates

DEFAULT, MOST = 10, 50

blp = Blueprint("featured", __name__, description="Comments suggested for the selection")


class CandidatesQuery(SiteQuery):
    """Of which article; without one, of what the site published last."""

    article = Text(load_default=None, validate=validate.Regexp(f"^{KEY_PATTERN}\\Z"))
    limit = fields.Integer(load_default=DEFAULT, validate=validate.Range(1, MOST))


class MeritOut(Schema):
    """What the order rests on: the total and its parts, in points of it."""

    total = fields.Float()
    support = fields.Float()
    writing = fields.Float()
    closeness = fields.Float()


class SignOut(Schema):
    """A sign of constructive writing, and how likely an ordinary comment so long shows it."""

    name = fields.String()
    present = fields.Boolean()
    expected = fields.Float()


class CandidateOut(Schema):
    """A suggested comment with everything its place rests on; null: unknown."""

    comment_id = fields.UUID(required=True)
    revision = fields.Integer()
    article_key = fields.String()
    article_title = fields.String(allow_none=True)
    author = fields.Nested(AuthorOut)
    body = fields.String()
    created_at = moment()
    merit = fields.Nested(MeritOut)
    reactions = fields.Integer()
    replies = fields.Integer()
    toxicity = fields.Float()
    relevance = fields.Float(allow_none=True)
    constructiveness = fields.Float(allow_none=True)
    words = fields.Integer(allow_none=True)
    signs = fields.List(fields.Nested(SignOut))


class CandidatesOut(Schema):
    """The best first."""

    candidates = fields.List(fields.Nested(CandidateOut))


@blp.route("/moderation/featured-candidates", methods=["GET"])
@allow_moderator()
@blp.arguments(CandidatesQuery, location="query")
@blp.response(200, CandidatesOut)
def list_featured_candidates(query: dict[str, Any]) -> Any:
    """Comments worth a look for the newsroom's selection, each with what speaks for it

    Ordered by readers' support, and a little by constructiveness for its length and closeness to
    the article. Nothing is featured by itself: `PUT /comments/{id}/featured` does.
    """
    site_id = caller().site.id
    with api().ctx.reading() as session:
        article_id = None
        if query["article"] is not None:
            article_id = get_article(session, site_id=site_id, key=query["article"]).id
        found = featured_candidates(
            session, site_id=site_id, article_id=article_id, limit=query["limit"]
        )
    return {"candidates": [_shown(candidate) for candidate in found]}


def _shown(candidate: Candidate) -> dict[str, Any]:
    comment, writing = candidate.comment, candidate.writing
    return {
        "comment_id": comment.id,
        "revision": comment.revision,
        "article_key": candidate.article.key,
        "article_title": candidate.article.title,
        "author": comment.reader,
        "body": comment.body,
        "created_at": comment.created_at,
        "merit": candidate.merit,
        "reactions": candidate.reactions,
        "replies": comment.visible_replies,
        "toxicity": candidate.toxicity,
        "relevance": candidate.relevance,
        "constructiveness": writing.value if writing is not None else None,
        "words": writing.words if writing is not None else None,
        "signs": writing.signs if writing is not None else [],
    }
