"""Shapes of statements of reasons, appeals and messages."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from service.api.comment_schemas import StatementOut
from service.api.fields import Text
from service.api.schemas import LOCALE_PATTERN, PageQuery, moment
from service.domain.appeal import BODY_MAX_CHARS, BODY_MIN_CHARS, AppealOutcome, AppealState

IDS_MAX = 100
SECRET_MAX = 200


class FullStatementOut(StatementOut):
    """Why something was restricted, in full and in the reader's language."""

    guideline = fields.String()
    clause = fields.String()
    locale = fields.String()
    ends_at = moment(allow_none=True)


class OwnAppealOut(Schema):
    """One's own appeal: how far it has come, and the answer once there is one."""

    id = fields.UUID()
    decision_id = fields.UUID()
    comment_id = fields.UUID(allow_none=True)
    party = fields.String()
    state = fields.String()
    body = fields.String()
    reasons = fields.String(allow_none=True)
    due_at = moment()
    decided_at = moment(allow_none=True)
    created_at = moment()


class OwnAppealsOut(Schema):
    """One page of one's own appeals."""

    appeals = fields.List(fields.Nested(OwnAppealOut))
    next_cursor = fields.String(allow_none=True)


class OwnDecisionOut(Schema):
    """A decision that restricts the reader, and what the reader can do about it."""

    id = fields.UUID()
    action = fields.String()
    comment_id = fields.UUID(allow_none=True)
    decided_at = moment()
    reversed_at = moment(allow_none=True)
    statement = fields.Nested(FullStatementOut)
    appeal = fields.Nested(OwnAppealOut, allow_none=True)
    can_appeal = fields.Boolean()
    appeal_until = moment()


class OwnDecisionsOut(Schema):
    """One page of the decisions that restrict the reader."""

    decisions = fields.List(fields.Nested(OwnDecisionOut))
    next_cursor = fields.String(allow_none=True)


class AppealIn(Schema):
    """Why the decision is wrong."""

    body = Text(required=True, validate=validate.Length(BODY_MIN_CHARS, 2 * BODY_MAX_CHARS))


class NoticeSecretHeaders(Schema):
    """What the sender of a notice was given with the receipt."""

    class Meta:
        unknown = EXCLUDE

    secret = Text(
        data_key="X-Notice-Secret", required=True, validate=validate.Length(1, SECRET_MAX)
    )


class AppealsQuery(PageQuery):
    """Which appeals."""

    state = fields.Enum(AppealState, by_value=True, load_default=None, allow_none=True)


class DecidedOut(Schema):
    """The decision an appeal is about, as moderators see it."""

    id = fields.UUID()
    action = fields.String()
    guideline = fields.String(allow_none=True)
    source = fields.String()
    rules = fields.List(fields.Dict())
    automated_detection = fields.Boolean()
    automated_decision = fields.String()
    actor_id = fields.UUID(allow_none=True)
    note = fields.String(allow_none=True)
    from_status = fields.String(allow_none=True)
    to_status = fields.String(allow_none=True)
    reader_id = fields.UUID()
    comment_id = fields.UUID(allow_none=True)
    revision = fields.Integer(allow_none=True)
    ends_at = moment(allow_none=True)
    reversed_at = moment(allow_none=True)
    final_at = moment()
    created_at = moment()


class AppealOut(OwnAppealOut):
    """An appeal as moderators see it, with its clock and the decision it is about."""

    reader_id = fields.UUID(allow_none=True)
    notice_id = fields.UUID(allow_none=True)
    is_late = fields.Boolean()
    may_decide = fields.Boolean()
    item_id = fields.UUID(allow_none=True)
    article_key = fields.String(allow_none=True)
    text = fields.String(allow_none=True)
    decided_by = fields.UUID(allow_none=True)
    outcome_id = fields.UUID(allow_none=True)
    decision = fields.Nested(DecidedOut)
    statement = fields.Nested(FullStatementOut, allow_none=True)


class AppealsOut(Schema):
    """One page of appeals."""

    appeals = fields.List(fields.Nested(AppealOut))
    next_cursor = fields.String(allow_none=True)


class AppealDecisionIn(Schema):
    """The answer to an appeal; `reasons` are told to the appellant."""

    outcome = fields.Enum(AppealOutcome, by_value=True, required=True)
    reasons = Text(required=True, validate=validate.Length(BODY_MIN_CHARS, 2 * BODY_MAX_CHARS))
    guideline = Text(load_default=None, allow_none=True, validate=validate.Length(1, 64))


class NotificationOut(Schema):
    """One message."""

    id = fields.UUID()
    kind = fields.String()
    comment_id = fields.UUID(allow_none=True)
    decision_id = fields.UUID(allow_none=True)
    data = fields.Dict()
    sent_at = moment(attribute="send_at")
    read_at = moment(allow_none=True)


class NotificationsOut(Schema):
    """One page of messages, and how many were not read yet."""

    unread = fields.Integer()
    notifications = fields.List(fields.Nested(NotificationOut))
    next_cursor = fields.String(allow_none=True)


class ReadIn(Schema):
    """Which messages were read; without `ids` all of them."""

    ids = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=IDS_MAX)
    )


class ReadOut(Schema):
    """How many messages were unread until now."""

    read = fields.Integer()


class SettingsIn(Schema):
    """The language one wants to be told things in; null for the site's own."""

    locale = Text(required=True, allow_none=True, validate=validate.Regexp(LOCALE_PATTERN))


class SettingsOut(Schema):
    """One's settings."""

    locale = fields.String(allow_none=True)
