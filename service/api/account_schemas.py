"""Shapes of a reader's own account: standing, warnings, erasure."""

from __future__ import annotations

from marshmallow import Schema, fields

from service.api.comment_schemas import MeOut
from service.api.schemas import GuidelineOut, moment


class WarningOut(Schema):
    """A warning to be read before the next comment."""

    id = fields.UUID()
    guideline = fields.Nested(GuidelineOut, allow_none=True)
    created_at = moment()


class AccountOut(MeOut):
    """The reader who asks, with standing and open warnings."""

    standing_until = moment(allow_none=True)
    warnings = fields.List(fields.Nested(WarningOut))


class AcknowledgedOut(Schema):
    """A warning that was read."""

    id = fields.UUID()
    acknowledged_at = moment()


class ErasedOut(Schema):
    """How many comments were erased, and which are kept as evidence."""

    erased = fields.Integer()
    kept = fields.List(fields.UUID())
