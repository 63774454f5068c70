"""Shapes of notices of illegal content: given, received, followed up, listed, decided."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from service.api.fields import Text
from service.api.report_schemas import GUIDELINE_MAX, RAW_TEXT_MAX
from service.api.schemas import PageQuery, moment
from service.domain.notice import Ground, NoticeAction, NoticeCategory
from service.domain.report import NoticeState

NAME_MAX, EMAIL_MAX, LAW_MAX, PART_MAX = 200, 254, 500, 2_000
EMAIL_PATTERN = r"^[^@\s]{1,64}@[^@\s.][^@\s]*\.[^@\s.]+$"
SECRET_MAX = 100
CATEGORIES = [category.value for category in NoticeCategory]
STATES = [state.value for state in NoticeState]


class DefamationIn(Schema):
    """What a complaint of defamation should say besides (SI 2013/3028)."""

    meaning = Text(validate=validate.Length(max=PART_MAX))
    inaccurate_parts = Text(validate=validate.Length(max=PART_MAX))
    poster_cannot_be_identified = fields.Boolean()
    consent_to_pass_name = fields.Boolean()
    consent_to_pass_email = fields.Boolean()


class NoticeIn(Schema):
    """A notice. Name and e-mail address may be left out for child sexual abuse only."""

    category = Text(required=True, validate=validate.OneOf(CATEGORIES))
    explanation = Text(required=True, validate=validate.Length(max=RAW_TEXT_MAX))
    law = Text(load_default=None, allow_none=True, validate=validate.Length(max=LAW_MAX))
    name = Text(load_default=None, allow_none=True, validate=validate.Length(max=NAME_MAX))
    email = Text(
        load_default=None,
        allow_none=True,
        validate=[
            validate.Length(max=EMAIL_MAX),
            validate.Regexp(EMAIL_PATTERN, error="Is not an e-mail address."),
        ],
    )
    good_faith = fields.Boolean(required=True)
    particulars = fields.Nested(DefamationIn, load_default=dict)


class NoticeOut(Schema):
    """A notice as its sender finds it. `answer` is there once the decision is final."""

    reference = fields.String(required=True)
    comment_id = fields.UUID()
    category = fields.String()
    state = fields.String(metadata={"enum": STATES})
    outcome = fields.String()
    receipt = fields.String()
    received_at = moment()
    due_at = moment()
    decided_at = moment(allow_none=True)
    answer = fields.String(allow_none=True)
    automation = fields.String()
    redress = fields.String()


class NoticeReceiptOut(NoticeOut):
    """The receipt. The secret is shown now and never again."""

    secret = fields.String(required=True)


class SecretHeader(Schema):
    """What opens a notice, besides its reference."""

    class Meta:
        unknown = EXCLUDE

    secret = Text(
        data_key="X-Notice-Secret", required=True, validate=validate.Length(1, SECRET_MAX)
    )


class NoticesQuery(PageQuery):
    """Which notices to list."""

    state = Text(load_default=NoticeState.OPEN.value, validate=validate.OneOf(STATES))


class NoticeRowOut(Schema):
    """A notice in the moderators' list, with its clock."""

    id = fields.UUID(required=True)
    reference = fields.String()
    comment_id = fields.UUID()
    category = fields.String()
    state = fields.String(metadata={"enum": STATES})
    received_at = moment()
    due_at = moment()
    minutes_left = fields.Integer(allow_none=True)
    breached = fields.Boolean()
    decided_at = moment(allow_none=True)
    decision_id = fields.UUID(allow_none=True)


class NoticeDetailOut(NoticeRowOut):
    """A notice in full. Who sent it is shown to those who decide notices, to nobody else."""

    explanation = fields.String()
    law = fields.String(allow_none=True)
    particulars = fields.Dict(keys=fields.String())
    name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    reader_id = fields.UUID(allow_none=True)
    trusted_flagger = fields.Boolean()
    revision = fields.Integer()
    body_hash = fields.String()
    changed_since = fields.Boolean()
    comment_status = fields.String()
    answer = fields.String(allow_none=True)


class NoticeRowsOut(Schema):
    """One page of notices."""

    notices = fields.List(fields.Nested(NoticeRowOut))
    next_cursor = fields.String(allow_none=True)


class NoticeDecisionIn(Schema):
    """How a notice is decided. `reason` is told to its sender."""

    action = Text(required=True, validate=validate.OneOf([a.value for a in NoticeAction]))
    ground = Text(required=True, validate=validate.OneOf([g.value for g in Ground]))
    guideline = Text(load_default=None, allow_none=True, validate=validate.Length(1, GUIDELINE_MAX))
    reason = Text(required=True, validate=validate.Length(max=RAW_TEXT_MAX))
    version = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 2**31 - 1))
