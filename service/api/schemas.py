"""Shapes of what comes in and what goes out; unknown fields are refused."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from service.api.fields import SITE_PATTERN, Cursor, Text

PAGE_DEFAULT, PAGE_MAX = 20, 100
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


class GuidelinesQuery(SiteQuery):
    """In which language."""

    locale = Text(load_default=None, validate=validate.Regexp(LOCALE_PATTERN))


class GuidelineOut(Schema):
    """One clause of the community guidelines."""

    id = fields.String()
    clause = fields.String()
    title = fields.String()
    text = fields.String()
    report_label = fields.String()
    # Whether the report dialog offers it.
    reportable = fields.Boolean()


class GuidelinesOut(Schema):
    """The community guidelines in one language, and the version in force."""

    version = fields.String()
    guidelines = fields.List(fields.Nested(GuidelineOut))


class GuestIn(Schema):
    """The name a guest wants to go by."""

    username = Text(required=True, validate=validate.Length(1, 80))


class GuestOut(Schema):
    """A guest's token: keep it, it is the only way back to one's comments."""

    token = fields.String(required=True)
