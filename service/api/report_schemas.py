"""Shapes of reports: sent, received, and as their sender finds them later."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.fields import Text
from service.api.schemas import GuidelineOut, moment

GUIDELINE_MAX = 64
# Before tidying; what remains has its own, shorter limit.
RAW_TEXT_MAX = 20_000


class ReportIn(Schema):
    """Which guideline a comment breaks, and what else there is to say."""

    guideline = Text(required=True, validate=validate.Length(1, GUIDELINE_MAX))
    detail = Text(load_default=None, allow_none=True, validate=validate.Length(max=RAW_TEXT_MAX))


class ReportOut(Schema):
    """A report and what became of it. `guideline` is null once it has left the guidelines."""

    id = fields.UUID(required=True)
    comment_id = fields.UUID()
    guideline = fields.Nested(GuidelineOut, allow_none=True)
    state = fields.String(metadata={"enum": ["open", "upheld", "dismissed", "invalidated"]})
    outcome = fields.String()
    already_reviewed = fields.Boolean()
    created_at = moment()
    updated_at = moment()
    decided_at = moment(allow_none=True)


class ReceiptOut(Schema):
    """Thanks, in the reader's language, and the receipt."""

    message = fields.String(required=True)
    report = fields.Nested(ReportOut, required=True)


class OwnReportsOut(Schema):
    """One page of one's own reports, newest first."""

    reports = fields.List(fields.Nested(ReportOut))
    next_cursor = fields.String(allow_none=True)


class InvalidationIn(Schema):
    """Which of a comment's open reports to sweep: those that look organised, or all."""

    only_suspected = fields.Boolean(load_default=True)


class InvalidationOut(Schema):
    """How many reports were closed."""

    invalidated = fields.Integer()
