"""Shapes of guideline versions, checks, backtests and the counts of rules in shadow."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.fields import Text
from service.api.schemas import PAGE_DEFAULT, PAGE_MAX, SiteQuery, moment
from service.usecases.roll_back_guidelines import INSTALLATION

SOURCE_MAX, NOTE_MAX, PATH_MAX, LISTS_MAX = 1_000_000, 2_000, 200, 50
LIMIT_DEFAULT, LIMIT_MAX = 10_000, 100_000
EXAMPLES_DEFAULT, EXAMPLES_MAX = 10, 50
DAYS_DEFAULT, DAYS_MAX = 7, 90
VERSION = validate.Regexp(r"^[0-9a-f]{12}\Z", error="Is not a version: 12 hexadecimal digits.")
VERSION_OR_INSTALLATION = validate.Regexp(
    rf"^([0-9a-f]{{12}}|{INSTALLATION})\Z",
    error=f"Is neither a version (12 hexadecimal digits) nor `{INSTALLATION}`.",
)


class FileIn(Schema):
    """A guideline file and the texts of its list files by path; without `lists` they stay."""

    source = Text(required=True, validate=validate.Length(1, SOURCE_MAX))
    lists = fields.Dict(
        keys=Text(validate=validate.Length(1, PATH_MAX)),
        values=fields.String(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LISTS_MAX),
    )


class GuidelinesIn(FileIn):
    """A file to be put in force, and why."""

    note = Text(required=True, validate=validate.Length(1, NOTE_MAX))
    expect_version = Text(
        load_default=None,
        validate=VERSION,
        metadata={"description": "The version it was made from; 409 where another is in force."},
    )


class BacktestIn(FileIn):
    """A file to be replayed over the newest decided comments."""

    limit = fields.Integer(
        load_default=LIMIT_DEFAULT, strict=True, validate=validate.Range(1, LIMIT_MAX)
    )
    examples = fields.Integer(
        load_default=EXAMPLES_DEFAULT, strict=True, validate=validate.Range(0, EXAMPLES_MAX)
    )


class RollbackIn(Schema):
    """Where to go back to: the version before, or the one named."""

    note = Text(required=True, validate=validate.Length(1, NOTE_MAX))
    to_version = Text(load_default=None, allow_none=True, validate=VERSION_OR_INSTALLATION)


class VersionsQuery(SiteQuery):
    """One page of versions."""

    cursor = Text(load_default=None, validate=VERSION)
    limit = fields.Integer(load_default=PAGE_DEFAULT, validate=validate.Range(1, PAGE_MAX))


class ShadowQuery(SiteQuery):
    """How far back."""

    days = fields.Integer(load_default=DAYS_DEFAULT, validate=validate.Range(1, DAYS_MAX))


class ActivationOut(Schema):
    """When a version came into force; without a moderator it was the command line."""

    at = moment()
    moderator_id = fields.UUID(allow_none=True)
    moderator = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class ListedVersionOut(Schema):
    """A version of the guidelines and its activations here, newest first."""

    version = fields.String()
    label = fields.String()
    installed = fields.Boolean(metadata={"description": "The installation's own file once."})
    active = fields.Boolean()
    created_at = moment()
    activations = fields.List(fields.Nested(ActivationOut))


class VersionsOut(Schema):
    """Versions, newest first. `problem` says why `in_force` is not what was activated last."""

    in_force = fields.String()
    problem = fields.String(allow_none=True)
    versions = fields.List(fields.Nested(ListedVersionOut))
    next_cursor = fields.String(allow_none=True)


class VersionOut(ListedVersionOut):
    """A version with its text: what its decisions rested on."""

    source = fields.String()
    lists = fields.Dict(keys=fields.String(), values=fields.String())


class InForceOut(Schema):
    """What is in force now."""

    version = fields.String()
    label = fields.String()


class CheckOut(Schema):
    """Whether a file can be used, and if not everything that is wrong with it, by field."""

    usable = fields.Boolean()
    version = fields.String(allow_none=True)
    label = fields.String(allow_none=True)
    rules = fields.Integer(allow_none=True)
    tests = fields.Integer(allow_none=True)
    problems = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class ChangeOut(Schema):
    """So many comments went from one action to another."""

    before = fields.String()
    after = fields.String()
    count = fields.Integer()


class RuleChangeOut(Schema):
    """How often a rule matched, and in how many changed actions it had a part."""

    rule = fields.String()
    before = fields.Integer()
    after = fields.Integer()
    gained = fields.Integer()
    lost = fields.Integer()
    changed = fields.Integer()


class AgainstPeopleOut(Schema):
    """Keeping back (hold, hide, reject) measured by what people decided; shares from 0 to 1."""

    kept_back_refused = fields.Integer()
    kept_back_kept = fields.Integer()
    shown_refused = fields.Integer()
    shown_kept = fields.Integer()
    precision = fields.Float(allow_none=True)
    recall = fields.Float(allow_none=True)


class ExampleOut(Schema):
    """A comment that would have been treated otherwise."""

    comment_id = fields.UUID()
    before = fields.String()
    after = fields.String()
    person = fields.String(allow_none=True)
    rules_before = fields.List(fields.String())
    rules_after = fields.List(fields.String())
    excerpt = fields.String(allow_none=True)


class BacktestOut(Schema):
    """What the file would have made of decided comments. Nothing was changed.

    `complete` is false where the time allowed ran out: then `comments`, the newest, were replayed.
    """

    version = fields.String()
    comments = fields.Integer()
    complete = fields.Boolean()
    seconds = fields.Float()
    rematched = fields.Integer(
        metadata={"description": "Comments whose text was matched with other lists again."}
    )
    changed = fields.Integer()
    confusion = fields.List(fields.Nested(ChangeOut))
    rules = fields.List(fields.Nested(RuleChangeOut))
    people_before = fields.Nested(AgainstPeopleOut)
    people_after = fields.Nested(AgainstPeopleOut)
    examples = fields.List(fields.Nested(ExampleOut))


class ShadowRuleOut(Schema):
    """A rule in shadow: how often it matched, what that would have changed, who agrees."""

    rule = fields.String()
    matched = fields.Integer()
    changes = fields.List(fields.Nested(ChangeOut))
    against_people = fields.Nested(AgainstPeopleOut)


class ShadowOut(Schema):
    """Counts of the last `days`."""

    days = fields.Integer()
    rules = fields.List(fields.Nested(ShadowRuleOut))
