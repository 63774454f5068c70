"""Shapes of webhooks and of their log."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.fields import Text
from service.api.schemas import PageQuery, moment
from service.domain.webhook import TEST, DeliveryState, DisabledReason, WebhookType

URL_MAX, DESCRIPTION_MAX = 2_048, 200
TYPES = [type_.value for type_ in WebhookType]
STATES = [state.value for state in DeliveryState]
REASONS = [reason.value for reason in DisabledReason]


def _types(*, required: bool) -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(TYPES)),
        required=required,
        validate=validate.Length(1, len(TYPES)),
    )


class WebhookIn(Schema):
    """Where to send, and what: an https address on the public internet without a login."""

    url = Text(required=True, validate=validate.Length(1, URL_MAX))
    types = _types(required=True)
    description = Text(load_default="", validate=validate.Length(max=DESCRIPTION_MAX))


class WebhookChange(Schema):
    """What is to be different; what is left out stays."""

    url = Text(validate=validate.Length(1, URL_MAX))
    types = _types(required=False)
    description = Text(validate=validate.Length(max=DESCRIPTION_MAX))
    enabled = fields.Boolean(
        metadata={"description": "True replays nothing; use `/enable` for that."}
    )


class SecretIn(Schema):
    """Whether the old secret became known."""

    revoke_old = fields.Boolean(
        load_default=False,
        metadata={"description": "Sign with the new one only, from now on."},
    )


class EnableIn(Schema):
    """Whether to send what was missed."""

    replay = fields.Boolean(load_default=False)


class WebhookOut(Schema):
    """A webhook and how it is doing."""

    id = fields.UUID()
    url = fields.String()
    description = fields.String()
    types = fields.List(fields.String(validate=validate.OneOf(TYPES)))
    enabled = fields.Boolean()
    disabled_at = moment(allow_none=True)
    disabled_reason = fields.String(allow_none=True, validate=validate.OneOf(REASONS))
    problem = fields.String(
        allow_none=True, metadata={"description": "What is wrong, in a sentence."}
    )
    failing_since = moment(allow_none=True)
    failures = fields.Integer(metadata={"description": "Failed tries in a row."})
    last_error = fields.String(allow_none=True)
    last_delivered_at = moment(allow_none=True)
    paused_until = moment(allow_none=True)
    waiting = fields.Integer(metadata={"description": "Messages that wait to be sent."})
    old_secret_until = moment(
        allow_none=True, metadata={"description": "Messages are signed with the old one too."}
    )
    created_at = moment()


class NewWebhookOut(WebhookOut):
    """A webhook with a new secret; `secret` is shown this once."""

    secret = fields.String()


class WebhooksOut(Schema):
    """All webhooks of the site, and the types there are."""

    webhooks = fields.List(fields.Nested(WebhookOut))
    types = fields.List(fields.String())


class DeliveriesQuery(PageQuery):
    """Which messages."""

    state = Text(load_default=None, validate=validate.OneOf(STATES))


class DeliveryOut(Schema):
    """One message: what is sent, and how far it has come."""

    id = fields.UUID()
    message_id = fields.String(metadata={"description": "The header `webhook-id`."})
    event_id = fields.Integer(allow_none=True)
    type = fields.String(validate=validate.OneOf([*TYPES, TEST]))
    state = fields.String(validate=validate.OneOf(STATES))
    attempts = fields.Integer()
    due_at = moment(allow_none=True, metadata={"description": "Only while it waits."})
    last_attempt_at = moment(allow_none=True)
    last_status = fields.Integer(allow_none=True)
    last_error = fields.String(allow_none=True)
    duration_ms = fields.Integer(allow_none=True)
    delivered_at = moment(allow_none=True)
    created_at = moment()
    payload = fields.Dict(keys=fields.String())


class DeliveriesOut(Schema):
    """One page of a webhook's log, newest first."""

    deliveries = fields.List(fields.Nested(DeliveryOut))
    next_cursor = fields.String(allow_none=True)
