"""The shape of each part of a guideline file as marshmallow schemas; meaning is checked later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from service.domain.guideline import FOUR_EYES, DriftHandling, QaShares
from service.domain.rule import Action, Mode, OnMissing

API_VERSION = "parley/v1"
KIND = "Guidelines"
MIN_RULE_TESTS = 2
MAX_PRIORITY = 100
MAX_WEIGHT = 100
MAX_STRIKES = 100
MAX_DAYS = 3_650
MAX_THREADS = 100
# What can be made to need a second person.
FOUR_EYES_ACTIONS = ["ban", "suspend", "refer"]

_ID = validate.Regexp(
    r"^[a-z0-9][a-z0-9_.-]{0,63}\Z", error="only lower-case letters, digits, . _ - (64 at most)"
)
_RULE_ID = validate.Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z", error="only letters, digits, . _ - (64 at most)"
)
_LANGUAGE = validate.Regexp(r"^[a-z]{2,3}(-[A-Z]{2})?\Z", error="a language is written `en`")

Path = tuple[str | int, ...]


class Text(fields.String):
    """Text. YAML reads 1.1 and 2026 as numbers, hence the hint."""

    default_error_messages = {  # noqa: RUF012 - marshmallow reads it from the class
        "invalid": "must be text (a number needs quotes)"
    }


def _texts(**options: Any) -> fields.Dict:
    return fields.Dict(
        keys=Text(validate=_LANGUAGE),
        values=Text(validate=validate.Length(min=1, max=2_000)),
        validate=validate.Length(min=1, error="at least one language is needed"),
        **options,
    )


def _whole(minimum: int, maximum: int, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(minimum, maximum), **options)


def _flag() -> fields.Boolean:
    # Only true and false: the words YAML 1.1 took for them stay words.
    return fields.Boolean(load_default=False, truthy={True}, falsy={False})


class Part(Schema):
    """Base of all parts: a part that is not a mapping says so in plain words."""

    error_messages: dict[str, str] = {  # noqa: RUF012 - marshmallow reads it from the class
        "type": "must be a mapping (name: value)",
        "unknown": "is not known here",
    }

    @pre_load
    def _must_be_mapping(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValidationError("must be a mapping (name: value)")
        return data


class MetadataPart(Part):
    """Whose guidelines these are."""

    site = Text(required=True, validate=_ID)
    version = Text(required=True, validate=validate.Length(min=1, max=64))
    locale = Text(required=True, validate=_LANGUAGE)
    terms_url = fields.Url(load_default="", schemes={"http", "https"}, require_tld=False)


def _share(default: float) -> fields.Float:
    return fields.Float(
        load_default=default, validate=validate.Range(0, 1, error="must be a share from 0 to 1")
    )


class QualityPart(Part):
    """Which shares of decisions get a blind second look."""

    human = _share(QaShares.human)
    automated_reject = _share(QaShares.automated_reject)
    automated_publish = _share(QaShares.automated_publish)


class DriftPart(Part):
    """What follows when a thread leaves its article."""

    review = _flag()
    line = _flag()
    articles_after = _whole(1, MAX_THREADS, load_default=DriftHandling().articles_after)


class FilePart(Part):
    """The file as a whole; each section's items are checked one by one."""

    api_version = Text(required=True, data_key="apiVersion", validate=validate.Equal(API_VERSION))
    kind = Text(required=True, validate=validate.Equal(KIND))
    metadata = fields.Nested(MetadataPart, required=True)
    on_missing_signal = fields.Enum(OnMissing, by_value=True, load_default=OnMissing.hold)
    severities = fields.Dict(required=True)
    sanctions = fields.List(fields.Raw(), load_default=list)
    queues = fields.Dict(required=True)
    guidelines = fields.Dict(required=True)
    lists = fields.Dict(load_default=dict)
    quality = fields.Nested(QualityPart, load_default=lambda: QualityPart().load({}))
    four_eyes = fields.List(
        Text(validate=validate.OneOf(FOUR_EYES_ACTIONS)), load_default=lambda: sorted(FOUR_EYES)
    )
    drift = fields.Nested(DriftPart, load_default=lambda: DriftPart().load({}))
    rules = fields.List(fields.Raw(), required=True)


class SeverityPart(Part):
    """How grave a breach is."""

    weight = _whole(0, MAX_WEIGHT, required=True)
    strikes = _whole(0, MAX_STRIKES, required=True)
    expires_days = _whole(1, MAX_DAYS, load_default=None)
    needs_human = _flag()


class SanctionPart(Part):
    """One rung of the ladder."""

    at = _whole(1, MAX_STRIKES, required=True)
    action = Text(required=True, validate=validate.OneOf(["warn", "premoderate", "suspend", "ban"]))
    days = _whole(1, MAX_DAYS, load_default=None)
    needs_human = _flag()
    after_warning = _flag()


class QueuePart(Part):
    """One of the moderators' queues."""

    title = Text(required=True, validate=validate.Length(min=1, max=80))
    sla_minutes = _whole(1, 60 * 24 * 60, required=True)
    must_see = _flag()
    precaution = _flag()


class DsaPart(Part):
    """How the clause is named under the Digital Services Act."""

    ground = Text(required=True)
    category = Text(required=True)
    keywords = fields.List(Text(), load_default=list)
    legal_ground = Text(load_default=None, validate=validate.Length(max=500))


class GuidelinePart(Part):
    """One clause of the guidelines."""

    clause = Text(required=True, validate=validate.Length(min=1, max=20))
    severity = Text(required=True)
    title = _texts(required=True)
    text = _texts(required=True)
    report_label = _texts(required=True)
    dsa = fields.Nested(DsaPart, required=True)
    queue = Text(load_default="reported")
    reportable = fields.Boolean(load_default=True, truthy={True}, falsy={False})


class ListPart(Part):
    """A list of words, phrases or hosts: in a file beside this one, or written here."""

    type = Text(required=True, validate=validate.OneOf(["words", "hosts", "contact_details"]))
    file = Text(load_default=None)
    entries = fields.List(Text(validate=validate.Length(min=1)), load_default=None)


class ThenPart(Part):
    """What follows from a matching rule."""

    action = fields.Enum(Action, by_value=True, required=True)
    queue = Text(load_default=None)
    reason = Text(load_default="", validate=validate.Length(max=300))
    priority = _whole(0, MAX_PRIORITY, load_default=0)
    demote = _flag()
    terminal = _flag()
    flags = fields.List(Text(validate=_ID), load_default=list)


class TestPart(Part):
    """One inline example."""

    given = fields.Dict(keys=Text(), values=fields.Dict(keys=Text()), required=True)
    expect = Text(required=True, validate=validate.OneOf(["match", "no_match", "unknown"]))


class RulePart(Part):
    """One rule."""

    id = Text(required=True, validate=_RULE_ID)
    guideline = Text(load_default=None)
    when = Text(required=True)
    then = fields.Nested(ThenPart, required=True)
    mode = fields.Enum(Mode, by_value=True, load_default=Mode.enforce)
    on_missing = fields.Enum(OnMissing, by_value=True, load_default=None)
    tests = fields.List(
        fields.Nested(TestPart),
        required=True,
        validate=validate.Length(
            min=MIN_RULE_TESTS, error=f"at least {MIN_RULE_TESTS} tests are needed"
        ),
    )


def messages(errors: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Marshmallow's nested errors as (path, message) pairs."""
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            # A Dict field reports under `key` and `value`; the entry itself is what has a line.
            step: Path = () if key in ("_schema", "key", "value") else (key,)
            yield from messages(inner, (*path, *step))
        return
    for message in errors if isinstance(errors, list) else [errors]:
        yield path, str(message)
