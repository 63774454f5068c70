"""Shapes of the log."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.api.fields import Text
from service.api.schemas import PAGE_MAX, SiteQuery, moment

KIND_PATTERN = r"^[a-z_]{1,40}\.[a-z_]{0,40}$"
LOG_PAGE_DEFAULT = 50
HIGHEST_ID = 2**63 - 1


class EventCursor(fields.Integer):
    """Where the next page of the log begins: the id of an event."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        number: int = super()._deserialize(value, attr, data, **kwargs)
        if not 0 < number <= HIGHEST_ID:
            raise ValidationError("Is not a cursor of this list.")
        return number


class LogQuery(SiteQuery):
    """Which events: by kind (`user.banned`, or `user.` for all of them), subject, actor, time."""

    kind = Text(load_default=None, validate=validate.Regexp(KIND_PATTERN))
    comment = fields.UUID(load_default=None)
    reader = fields.UUID(load_default=None)
    moderator = fields.UUID(load_default=None)
    article = fields.UUID(load_default=None)
    since = moment(load_default=None, data_key="from")
    until = moment(load_default=None, data_key="to")
    cursor = EventCursor(load_default=None)
    limit = fields.Integer(load_default=LOG_PAGE_DEFAULT, validate=validate.Range(1, PAGE_MAX))
    format = Text(load_default="json", validate=validate.OneOf(["json", "csv"]))


class EventOut(Schema):
    """One thing that happened. `data` holds ids and words of Parley's own."""

    id = fields.Integer()
    created_at = moment()
    kind = fields.String()
    actor = fields.String()
    actor_id = fields.UUID(allow_none=True)
    comment_id = fields.UUID(allow_none=True)
    article_id = fields.UUID(allow_none=True)
    reader_id = fields.UUID(allow_none=True)
    revision = fields.Integer(allow_none=True)
    from_status = fields.String(allow_none=True)
    to_status = fields.String(allow_none=True)
    data = fields.Dict(keys=fields.String())


class LogOut(Schema):
    """One page of the log, newest first."""

    events = fields.List(fields.Nested(EventOut))
    next_cursor = fields.Integer(allow_none=True)
