"""Shapes of the moderators' side: queue, claims, items, decisions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.api.comment_schemas import AuthorOut
from service.api.fields import QueueCursor, Text
from service.api.schemas import SiteQuery, moment
from service.domain.action import ModeratorAction
from service.queries.review import ESCALATION_ROLES
from service.usecases.claim_items import SKIP_REASONS

STATES = ("open", "claimed", "escalated", "decided", "all")
CLAIMS_MAX, BULK_MAX, NOTE_MAX, LABEL_MAX, SEARCH_MAX = 50, 200, 2_000, 200, 200
PAGE_DEFAULT, PAGE_MAX = 50, 200
QUEUE_NAME = validate.Regexp(r"^[a-z0-9_-]{1,32}$")


class QueueQuery(SiteQuery):
    """What part of the queue is asked for."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    reason = Text(load_default=None, validate=QUEUE_NAME)
    article = Text(load_default=None, validate=validate.Length(1, 200))
    reader = fields.UUID(load_default=None)
    mine = fields.Boolean(load_default=False)
    q = Text(load_default=None, validate=validate.Length(1, SEARCH_MAX))
    opened_from = fields.AwareDateTime(load_default=None, data_key="from")
    opened_to = fields.AwareDateTime(load_default=None, data_key="to")
    cursor = QueueCursor(load_default=None, metadata={"type": "string"})
    limit = fields.Integer(load_default=PAGE_DEFAULT, validate=validate.Range(1, PAGE_MAX))


class PriorityOut(Schema):
    """A priority (0–100) and what it is made of."""

    total = fields.Float()
    harm = fields.Float()
    waiting = fields.Float()
    urgency = fields.Float()
    rule = fields.Integer()
    floor = fields.Integer()
    breached = fields.Boolean()


class ClaimOut(Schema):
    """Who works on an item, and until when."""

    id = fields.UUID()
    moderator_id = fields.UUID()
    mine = fields.Boolean()
    claimed_at = moment()
    lease_until = moment()


class ItemOut(Schema):
    """An item as the queue lists it."""

    id = fields.UUID()
    comment_id = fields.UUID()
    article_key = fields.String()
    author = fields.Nested(AuthorOut)
    body = fields.String()
    severe = fields.Boolean()
    # Null in a second look: what was decided is kept from it.
    status = fields.String(allow_none=True)
    state = fields.String()
    reasons = fields.List(fields.String())
    priority = fields.Nested(PriorityOut)
    p_violation = fields.Float(allow_none=True)
    version = fields.Integer()
    opened_at = moment()
    due_at = moment(allow_none=True)
    breached_at = moment(allow_none=True)
    decided_at = moment(allow_none=True)
    escalated_to = fields.String(allow_none=True)
    skip_count = fields.Integer()
    claim = fields.Nested(ClaimOut, allow_none=True)


class QueuePageOut(Schema):
    """One page of the queue."""

    items = fields.List(fields.Nested(ItemOut))
    next_cursor = fields.String(allow_none=True)


class QueueCountOut(Schema):
    """One queue now. Ages are in seconds."""

    queue = fields.String()
    title = fields.String()
    sla_minutes = fields.Integer(allow_none=True)
    depth = fields.Integer()
    claimed = fields.Integer()
    breached = fields.Integer()
    oldest_seconds = fields.Float(allow_none=True)


class QueueCountsOut(Schema):
    """All queues of the site with something in them."""

    queues = fields.List(fields.Nested(QueueCountOut))


class ClaimsIn(Schema):
    """How many items are wanted, and of which kind; or one item by its id."""

    count = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, CLAIMS_MAX))
    reason = Text(load_default=None, validate=QUEUE_NAME)
    article = Text(load_default=None, validate=validate.Length(1, 200))
    reader = fields.UUID(load_default=None)
    item_id = fields.UUID(load_default=None)


class ClaimedOut(Schema):
    """The items claimed; fewer than asked for where there are no more."""

    items = fields.List(fields.Nested(ItemOut))


class SkipIn(Schema):
    """Why an item is given back undecided."""

    reason = fields.String(required=True, validate=validate.OneOf(SKIP_REASONS))


class VerdictIn(Schema):
    """An action and what belongs to it."""

    action = fields.Enum(ModeratorAction, by_value=True, required=True)
    guideline = Text(load_default=None, allow_none=True, validate=validate.Length(1, 64))
    note = Text(load_default=None, allow_none=True, validate=validate.Length(1, NOTE_MAX))
    label = Text(load_default=None, allow_none=True, validate=validate.Length(1, LABEL_MAX))


class DecisionIn(VerdictIn):
    """A decision on an item as the moderator saw it."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))
    claim_id = fields.UUID(load_default=None, allow_none=True)


class CommentDecisionIn(VerdictIn):
    """A decision on a comment at the revision that was read."""

    revision = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 2**31 - 1))


class BulkEntryIn(Schema):
    """One item of a bulk decision, as it was seen."""

    item_id = fields.UUID(required=True)
    version = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 2**31 - 1))


class BulkIn(VerdictIn):
    """One verdict on many items."""

    items = fields.List(
        fields.Nested(BulkEntryIn), required=True, validate=validate.Length(1, BULK_MAX)
    )


class DecisionOut(Schema):
    """A decision, by a rule or a person: one shape for both."""

    id = fields.UUID()
    comment_id = fields.UUID(allow_none=True)
    revision = fields.Integer(allow_none=True)
    action = fields.String()
    guideline = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    source = fields.String()
    automated = fields.Boolean()
    automated_detection = fields.Boolean()
    automated_decision = fields.String()
    actor_id = fields.UUID(allow_none=True)
    policy_version = fields.String()
    rules = fields.List(fields.Dict())
    from_status = fields.String(allow_none=True)
    to_status = fields.String(allow_none=True)
    reverses_id = fields.UUID(allow_none=True)
    reversed_at = moment(allow_none=True)
    final_at = moment()
    created_at = moment()


class ItemDecidedOut(Schema):
    """What came of a decision; `comparison` for a second look, which decides nothing."""

    decision = fields.Nested(DecisionOut, allow_none=True)
    comparison = fields.String(allow_none=True)
    state = fields.String()
    version = fields.Integer()


class BulkResultOut(Schema):
    """What became of one item."""

    item_id = fields.UUID()
    ok = fields.Boolean()
    decision_id = fields.UUID(allow_none=True)
    version = fields.Integer(allow_none=True)
    code = fields.String(allow_none=True)
    detail = fields.String(allow_none=True)


class BulkOut(Schema):
    """The results, in the order of the request."""

    results = fields.List(fields.Nested(BulkResultOut))


class ReversalIn(Schema):
    """Why a decision is taken back."""

    note = Text(load_default=None, allow_none=True, validate=validate.Length(1, NOTE_MAX))


class EscalationIn(Schema):
    """To whom an item goes; a second opinion brings the first."""

    to = fields.String(required=True, validate=validate.OneOf(list(ESCALATION_ROLES)))
    version = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 2**31 - 1))
    opinion = fields.Nested(VerdictIn, load_default=None, allow_none=True)
