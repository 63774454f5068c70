"""How moderation goes, for those who answer for it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from service.api.app_state import api
from service.api.auth import allow_moderator, caller
from service.api.blueprint import Blueprint
from service.api.transparency_schemas import PeriodQuery
from service.domain.period import check_period
from service.queries import moderation_stats
from service.queries.overturned import overturned, overturned_by_rule

blp = Blueprint("moderation stats", __name__, description="Figures on moderation")


class VolumeOut(Schema):
    """Decisions of one kind on one day (UTC)."""

    day = fields.Date()
    action = fields.String()
    automated = fields.Boolean()
    count = fields.Integer()


class WaitOut(Schema):
    """Seconds an item waited for a person, by queue."""

    queue = fields.String()
    count = fields.Integer()
    median = fields.Float()
    p90 = fields.Float()


class RateOut(Schema):
    """A share (0–1) with its 95 % interval (Wilson); null where nothing was counted."""

    value = fields.Float(allow_none=True)
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)


class ShareOut(Schema):
    """So many of so many."""

    name = fields.String()
    hits = fields.Integer()
    total = fields.Integer()
    rate = fields.Nested(RateOut)


class KappaOut(Schema):
    """Agreement beyond chance (Cohen) under one guideline."""

    guideline = fields.String()
    count = fields.Integer()
    kappa = fields.Float(allow_none=True)


class QualityOut(Schema):
    """What blind second looks say."""

    human_agreement = fields.Nested(ShareOut)
    automated_errors = fields.Nested(ShareOut)
    errors_by_rule = fields.List(fields.Nested(ShareOut))
    kappa_by_guideline = fields.List(fields.Nested(KappaOut))


class StatsOut(Schema):
    """All of it."""

    volumes = fields.List(fields.Nested(VolumeOut))
    waits = fields.List(fields.Nested(WaitOut))
    overturned = fields.List(fields.Nested(ShareOut))
    overturned_by_rule = fields.List(fields.Nested(ShareOut))
    report_precision = fields.List(fields.Nested(ShareOut))
    quality = fields.Nested(QualityOut)


@blp.route("/moderation/stats", methods=["GET"])
@allow_moderator()
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, StatsOut)
def show_stats(query: dict[str, Any]) -> Any:
    """Volumes, times to decision, what was overturned, report precision, second looks

    No figure is about a single moderator: there are no league tables here.
    """
    site_id = caller().site.id
    period = check_period(query["first"], query["last"])
    with api().ctx.reading() as session:
        found = moderation_stats.quality(session, site_id=site_id, period=period)
        return {
            "volumes": moderation_stats.volumes(session, site_id=site_id, period=period),
            "waits": moderation_stats.waits(session, site_id=site_id, period=period),
            "overturned": overturned(session, site_id=site_id, period=period),
            "overturned_by_rule": overturned_by_rule(session, site_id=site_id, period=period),
            "report_precision": moderation_stats.report_precision(
                session, site_id=site_id, period=period
            ),
            "quality": {
                "human_agreement": found.human_agreement,
                "automated_errors": found.automated_errors,
                "errors_by_rule": found.errors_by_rule,
                "kappa_by_guideline": [
                    {"guideline": name, "count": count, "kappa": kappa}
                    for name, count, kappa in found.kappa_by_guideline
                ],
            },
        }
