"""Before a new model decides: what it would have decided on comments the old one decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.domain.guideline import Policy
from service.domain.moderation import decide
from service.domain.scoring import TOXICITY_LABELS
from service.queries.shadow import ShadowScored, shadow_scored
from service.usecases.context import Context

TOXICITY = "toxicity"
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class ShadowComparison:
    """How a shadow model differs from the one in force.

    `changes` counts (action taken, action the shadow would have led to) where they differ;
    `mean_difference` is the mean of |shadow − in force| of the toxicity scores, 0–1.
    """

    model: str
    version: str
    comments: int
    unknown: int
    mean_difference: float
    changes: dict[tuple[str, str], int]
    examples: tuple[UUID, ...]

    @property
    def agreement(self) -> float:
        """Share (0–1) of comments on which both lead to the same action."""
        return 1.0 - sum(self.changes.values()) / self.comments if self.comments else 1.0


def compare_shadow(ctx: Context, *, site_id: UUID, limit: int) -> list[ShadowComparison]:
    """Compare each shadow model on the newest `limit` decisions it has scores for.

    Each comment is decided again with the policy in force now, once with the stored scores and
    once with the shadow's in their place: a change of the guidelines in between is not counted
    against the model.
    """
    with ctx.reading() as session:
        found = shadow_scored(session, site_id=site_id, limit=limit)
    policy = ctx.policy(site_id)
    models = sorted({(item.model, item.version) for item in found})
    return [
        _compare(policy, *model, [i for i in found if (i.model, i.version) == model])
        for model in models
    ]


def _compare(
    policy: Policy, name: str, version: str, items: Sequence[ShadowScored]
) -> ShadowComparison:
    changes: Counter[tuple[str, str]] = Counter()
    differences: list[float] = []
    changed: list[UUID] = []
    unknown = 0
    for item in items:
        scores = item.signals.get("scores", {})
        if TOXICITY not in item.shadow_values:
            unknown += 1
        elif TOXICITY in scores:
            differences.append(abs(item.shadow_values[TOXICITY] - scores[TOXICITY]))
        before = decide(item.signals, policy).action
        kept = {label: v for label, v in scores.items() if label not in TOXICITY_LABELS}
        instead = {**item.signals, "scores": {**kept, **item.shadow_values}}
        after = decide(instead, policy).action
        if before is not after:
            changes[before.value, after.value] += 1
            changed.append(item.comment_id)
    return ShadowComparison(
        model=name,
        version=version,
        comments=len(items),
        unknown=unknown,
        mean_difference=sum(differences) / len(differences) if differences else 0.0,
        changes=dict(changes),
        examples=tuple(changed[:EXAMPLES]),
    )
