"""What the rules in shadow would have done, counted from the decisions that noted it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.domain.backtest import DECISIVE, AgainstPeople, verdict_of
from service.domain.rule import Action

# Per rule in shadow that matched: the action taken, the action with the shadow rules enforced,
# and what a person made of the same revision. The newest such action of a person counts.
_MATCHES = text(
    """
    SELECT rule ->> 'rule', rule ->> 'action', d.action, d.shadow_action, person.action, count(*)
    FROM decision d
    CROSS JOIN LATERAL jsonb_array_elements(d.rules) rule
    LEFT JOIN LATERAL (
        SELECT p.action FROM decision p
        WHERE p.comment_id = d.comment_id AND p.revision = d.revision AND NOT p.automated
            AND p.reversed_at IS NULL AND p.action = ANY(:decisive)
        ORDER BY p.created_at DESC LIMIT 1
    ) person ON true
    WHERE d.site_id = :site AND d.created_at >= :since AND d.automated AND d.source = 'rule'
        AND d.rules @> '[{"mode": "shadow", "result": "match"}]'
        AND rule ->> 'mode' = 'shadow' AND rule ->> 'result' = 'match'
    GROUP BY 1, 2, 3, 4, 5
    """
)


@dataclass(slots=True)
class ShadowRule:
    """One rule in shadow: how often it matched, what that would have changed, and who agrees.

    `changes` counts (action taken, action with all shadow rules enforced) where they differ.
    `against_people` measures the rule's own action on comments that a person decided.
    """

    rule: str
    matched: int = 0
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    against_people: AgainstPeople = field(default_factory=AgainstPeople)


def shadow_rules(
    session: Session, *, site_id: UUID, since: datetime, rules: Iterable[str]
) -> list[ShadowRule]:
    """Counts since a moment for `rules` (zero where nothing matched) and those that matched."""
    found = {rule: ShadowRule(rule) for rule in rules}
    rows = session.execute(
        _MATCHES, {"site": site_id, "since": since, "decisive": sorted(DECISIVE)}
    )
    for rule, own, taken, shadow, person, count in rows:
        counts = found.setdefault(rule, ShadowRule(rule))
        counts.matched += count
        if shadow is not None:
            counts.changes[taken, shadow] += count
        verdict = verdict_of(person)
        if verdict is not None:
            counts.against_people.add(Action(own), verdict, count)
    return sorted(found.values(), key=lambda counts: (-counts.matched, counts.rule))
