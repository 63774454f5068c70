"""Before a rule is enforced: what it would have done while it was in shadow."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from service.domain.rule import Mode
from service.queries.shadow_rules import ShadowRule, shadow_rules
from service.usecases.context import Context


def count_shadow_rules(ctx: Context, *, site_id: UUID, days: int) -> list[ShadowRule]:
    """Counts of the last `days` for every rule in shadow now, and for those that were then."""
    in_shadow = [rule.id for rule in ctx.policy(site_id).rules if rule.mode is Mode.shadow]
    with ctx.reading() as session:
        return shadow_rules(
            session,
            site_id=site_id,
            since=ctx.clock() - timedelta(days=days),
            rules=in_shadow,
        )
