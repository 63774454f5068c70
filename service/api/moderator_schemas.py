"""Shapes of moderators' accounts, sessions, tokens and well-being."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.api.fields import Text
from service.api.schemas import moment
from service.domain.identity import Role
from service.domain.password import LONGEST

EMAIL_MAX, NAME_MAX, TOKEN_NAME_MAX = 254, 80, 80
TOKEN_DAYS_MAX = 365
CODE_MAX = 64
QUEUES_MAX, QUEUE_NAME_MAX = 50, 64
ROLES = [role.value for role in Role]


class SignInIn(Schema):
    """What a moderator signs in with."""

    email = Text(required=True, validate=validate.Length(1, EMAIL_MAX))
    password = Text(required=True, validate=validate.Length(1, LONGEST))


class LinkIn(Schema):
    """The code of a sign-in link."""

    code = Text(required=True, validate=validate.Length(1, CODE_MAX))


class PersonOut(Schema):
    """A moderator as others see one."""

    id = fields.UUID()
    name = fields.String()


class SiteRoleOut(Schema):
    """A site somebody may work at, and as what."""

    key = fields.String()
    name = fields.String()
    role = fields.String(validate=validate.OneOf(ROLES))


class SessionOut(Schema):
    """Who is signed in, and where. Methods that change anything need the token with the cookie."""

    moderator = fields.Nested(PersonOut)
    sites = fields.List(fields.Nested(SiteRoleOut))
    csrf_token = fields.String(
        allow_none=True, metadata={"description": "Null for a caller with an API token."}
    )


class SeenOut(Schema):
    """Texts opened, and how many of them were severe."""

    day = fields.Date()
    hour = fields.Integer(metadata={"description": "UTC; only in `today`."})
    seen = fields.Integer()
    severe = fields.Integer()


class DayOut(SeenOut):
    """A day's texts."""

    class Meta:
        exclude = ("hour",)


class ExposureOut(Schema):
    """What one looked at; shown to nobody else."""

    today = fields.List(fields.Nested(SeenOut))
    days = fields.List(fields.Nested(DayOut))


class OwnOut(PersonOut):
    """A moderator as one sees oneself. What is for that person alone is null for a token that
    somebody else made.
    """

    site = fields.String()
    role = fields.String(validate=validate.OneOf(ROLES))
    opted_out = fields.List(fields.String(), allow_none=True)
    exposure = fields.Nested(ExposureOut, allow_none=True)
    pause_suggested = fields.Boolean(allow_none=True)


class OptOutsIn(Schema):
    """All queues one does not want to be given."""

    queues = fields.List(
        Text(validate=validate.Length(1, QUEUE_NAME_MAX)),
        required=True,
        validate=validate.Length(max=QUEUES_MAX),
    )


class OptOutsOut(Schema):
    """The queues one is not given."""

    queues = fields.List(fields.String())


class PasswordIn(Schema):
    """The password one has, and the one to have."""

    current_password = Text(required=True, validate=validate.Length(1, LONGEST))
    password = Text(required=True, validate=validate.Length(1, LONGEST))


class ModeratorIn(Schema):
    """Somebody to work at the site."""

    email = Text(required=True, validate=validate.Length(1, EMAIL_MAX))
    name = Text(required=True, validate=validate.Length(1, NAME_MAX))
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class ModeratorChange(Schema):
    """Another role, or an end or a new beginning of the work; one at a time."""

    role = fields.String(validate=validate.OneOf(ROLES))
    disabled = fields.Boolean()

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) != 1:
            raise ValidationError("Send either role or disabled.", "role")


class TokenIn(Schema):
    """What a token is for, and for how long it holds."""

    name = Text(required=True, validate=validate.Length(1, TOKEN_NAME_MAX))
    days = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, TOKEN_DAYS_MAX),
        metadata={"description": "Without it the token holds until it is revoked."},
    )


class TokenOut(Schema):
    """A token, without what it is made of."""

    id = fields.UUID()
    name = fields.String()
    prefix = fields.String()
    created_at = moment()
    expires_at = moment(allow_none=True)


class NewTokenOut(TokenOut):
    """A new token; `token` is shown this once."""

    token = fields.String()


class ModeratorOut(PersonOut):
    """A moderator of the site as its leads see one."""

    email = fields.String(allow_none=True, metadata={"description": "Shown to admins only."})
    role = fields.String(validate=validate.OneOf(ROLES))
    disabled = fields.Boolean()
    created_at = moment()
    tokens = fields.List(fields.Nested(TokenOut))


class ModeratorsOut(Schema):
    """Everybody who moderates or moderated the site."""

    moderators = fields.List(fields.Nested(ModeratorOut))
