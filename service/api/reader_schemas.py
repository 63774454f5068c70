"""Shapes of readers as moderators see them, and of what is done to them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.comment_schemas import AuthorOut
from service.api.fields import Text
from service.api.schemas import PAGE_DEFAULT, PAGE_MAX, SiteQuery, moment
from service.domain.sanction import SanctionKind

NOTE_MAX = 2_000
GUIDELINE_MAX = 64
DAYS_MOST = 3_650
KINDS = [kind.value for kind in SanctionKind]


class SanctionIn(Schema):
    """A sanction: for so many days, until a time, or without end where its kind has none."""

    kind = Text(required=True, validate=validate.OneOf(KINDS))
    guideline = Text(required=True, validate=validate.Length(1, GUIDELINE_MAX))
    note = Text(load_default=None, validate=validate.Length(1, NOTE_MAX))
    days = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, DAYS_MOST))
    ends_at = moment(load_default=None)


class ReasonIn(Schema):
    """Why, in a moderator's words."""

    note = Text(required=True, validate=validate.Length(1, NOTE_MAX))


class ReferralIn(ReasonIn):
    """Why law enforcement should know of a comment."""

    guideline = Text(required=True, validate=validate.Length(1, GUIDELINE_MAX))


class OutcomeIn(Schema):
    """What a second person says of a proposal."""

    outcome = Text(required=True, validate=validate.OneOf(["confirm", "decline"]))
    note = Text(load_default=None, validate=validate.Length(1, NOTE_MAX))


class SanctionOut(Schema):
    """One sanction."""

    id = fields.UUID()
    kind = fields.String()
    guideline = fields.String(allow_none=True)
    decision_id = fields.UUID()
    cause_id = fields.UUID(allow_none=True)
    created_at = moment()
    ends_at = moment(allow_none=True)
    ended_at = moment(allow_none=True)
    end_reason = fields.String(allow_none=True)
    acknowledged_at = moment(allow_none=True)


class ProposalOut(Schema):
    """An action that waits for a second person, or was settled by one."""

    id = fields.UUID()
    action = fields.String()
    reader_id = fields.UUID()
    comment_id = fields.UUID(allow_none=True)
    guideline = fields.String()
    note = fields.String(allow_none=True)
    proposed_by = fields.UUID(allow_none=True)
    state = fields.String()
    settled_by = fields.UUID(allow_none=True)
    settled_at = moment(allow_none=True)
    decision_id = fields.UUID(allow_none=True)
    created_at = moment()


class SanctionedOut(Schema):
    """The sanction, or the proposal that somebody else has to confirm."""

    sanction = fields.Nested(SanctionOut, allow_none=True)
    proposal = fields.Nested(ProposalOut, allow_none=True)


class ProposalQuery(SiteQuery):
    """Proposals after one, oldest first."""

    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=PAGE_DEFAULT, validate=validate.Range(1, PAGE_MAX))


class ProposalsOut(Schema):
    """Proposals that wait, oldest first."""

    proposals = fields.List(fields.Nested(ProposalOut))


class StrikeOut(Schema):
    """Points for one breach; `state` is live, expired or voided."""

    id = fields.UUID()
    decision_id = fields.UUID()
    guideline = fields.String()
    severity = fields.String()
    points = fields.Integer()
    state = fields.String()
    created_at = moment()
    expires_at = moment(allow_none=True)


class ReliabilityOut(Schema):
    """How often a reporter was right: the expected share, and its lower 5 % bound."""

    mean = fields.Float()
    low = fields.Float()
    adjudicated = fields.Integer()
    known = fields.Boolean()


class FamilyRecordOut(Schema):
    """A reader's reports in one family of guidelines."""

    family = fields.String()
    states = fields.Dict(keys=fields.String(), values=fields.Integer())
    reliability = fields.Nested(ReliabilityOut)


class ReaderCommentOut(Schema):
    """One of a reader's latest comments."""

    id = fields.UUID()
    article_id = fields.UUID()
    status = fields.String()
    body = fields.String()
    created_at = moment()


class ReaderDecisionOut(Schema):
    """One of the latest decisions on a reader or the reader's comments."""

    id = fields.UUID()
    comment_id = fields.UUID(allow_none=True)
    action = fields.String()
    guideline = fields.String(allow_none=True)
    source = fields.String()
    automated = fields.Boolean()
    actor_id = fields.UUID(allow_none=True)
    note = fields.String(allow_none=True)
    ends_at = moment(allow_none=True)
    reversed_at = moment(allow_none=True)
    created_at = moment()


class NoteOut(Schema):
    """A moderator's note."""

    id = fields.UUID()
    moderator_id = fields.UUID()
    body = fields.String()
    created_at = moment()


class ReaderProfileOut(AuthorOut):
    """Who a reader is."""

    external_id = fields.String()
    kind = fields.String()
    locale = fields.String(allow_none=True)
    standing = fields.String()
    standing_until = moment(allow_none=True)
    strikes = fields.Integer()
    approved_count = fields.Integer()
    rejected_count = fields.Integer()
    reports_muted_until = moment(allow_none=True)
    erased_at = moment(allow_none=True)
    created_at = moment()


class ReaderPageOut(Schema):
    """A reader with the whole record."""

    reader = fields.Nested(ReaderProfileOut)
    live_sanctions = fields.List(fields.Nested(SanctionOut))
    past_sanctions = fields.List(fields.Nested(SanctionOut))
    strikes = fields.List(fields.Nested(StrikeOut))
    proposals = fields.List(fields.Nested(ProposalOut))
    comments_by_status = fields.Dict(keys=fields.String(), values=fields.Integer())
    rejection_rate_30d = fields.Float(allow_none=True)
    reports_made = fields.List(fields.Nested(FamilyRecordOut))
    reports_against = fields.Dict(keys=fields.String(), values=fields.Integer())
    comments = fields.List(fields.Nested(ReaderCommentOut))
    decisions = fields.List(fields.Nested(ReaderDecisionOut))
    notes = fields.List(fields.Nested(NoteOut))
