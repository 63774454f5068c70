"""Shapes of what goes to regulators: statements for the EU's database, and the report's figures."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.fields import Cursor
from service.api.schemas import SiteQuery

FORMATS = ("json", "csv")


class PeriodQuery(SiteQuery):
    """From the first day to the last, both included, in UTC."""

    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")


class StatementsQuery(PeriodQuery):
    """One batch of a period's statements."""

    cursor = Cursor(load_default=None, metadata={"type": "string"})


class StatementsOut(Schema):
    """A batch exactly as the Transparency Database takes it."""

    statements = fields.List(fields.Dict())


class TransparencyQuery(PeriodQuery):
    """The report of a period."""

    format = fields.String(load_default="json", validate=validate.OneOf(FORMATS))


class FigureOut(Schema):
    """One number; null where there was nothing to measure."""

    section = fields.String()
    indicator = fields.String()
    category = fields.String()
    value = fields.Float(allow_none=True)


class TransparencyOut(Schema):
    """The figures of a period."""

    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    figures = fields.List(fields.Nested(FigureOut))
