"""Where an item stands in the moderators' queue, and what put it there."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

HIGHEST = 100.0
# A stored priority may lag behind the clock by this many points.
STALE_POINTS = 1.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, in points of 0–100; a site may choose its own.

    `unseen_share` of the harm counts where nobody is reading, all of it from `views_for_all`
    views in 15 minutes on. The last four are floors.
    """

    waiting: float = 30.0
    urgency: float = 25.0
    unseen_share: float = 0.4
    views_for_all: int = 1000
    life_at_risk: int = 100
    breached: int = 95
    legal: int = 80
    appeal: int = 60


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Priority:
    """A place in the queue: `total` (0–100, highest first, then oldest first) and its parts."""

    total: float
    harm: float
    waiting: float
    urgency: float
    rule: int
    floor: int
    breached: bool

    def components(self) -> dict[str, float | bool]:
        """The parts and the total by name, as the API shows them."""
        return asdict(self)


def priority(
    *,
    p_violation: float,
    severity_weight: int,
    visible: bool,
    age_minutes: float,
    sla_minutes: float,
    views_15m: int = 0,
    rule_priority: int = 0,
    floor: int = 0,
    breached: bool = False,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Priority:
    """The priority of one item.

    `p_violation` 0–1; `severity_weight` 0–100 of the guideline in question; `age_minutes` since
    the item was opened; `sla_minutes` > 0, when somebody should have looked; `views_15m` of the
    comment; `rule_priority` of the strongest rule that matched; `floor` one of the floors of
    `weights`, or 0; `breached` whether the clock of its queue has run out.

    1. harm, where readers can see it: p · severity · (0.4 + 0.6 · exposure); exposure grows with
       the logarithm of the views and reaches 1 at 1,000.
    2. waiting, where they cannot: 30 · (1 − p) · share of the SLA used. A comment held back
       although it is probably fine has to get out.
    3. urgency: 25 · (share of the SLA used)².
    4. total = max(harm, waiting) + urgency + rule, between 0 and 100,
    5. and not below the floor; an item whose SLA is breached not below 95.

    Time alone changes only waiting, urgency and the breach, upwards, and only until the SLA has
    run out; `next_change` says when. A stored total is therefore written at each change of the
    other inputs, and again for open items by a sweep.

    Raises ValueError for a probability out of range or an SLA that is not positive.
    """
    if not 0 <= p_violation <= 1:
        raise ValueError("p_violation lies between 0 and 1")
    used = _share_used(age_minutes, sla_minutes)
    harm = p_violation * severity_weight * _seen(views_15m, weights) if visible else 0.0
    waiting = 0.0 if visible else weights.waiting * (1 - p_violation) * used
    urgency = weights.urgency * used**2
    lowest = max(floor, weights.breached if breached else 0)
    wanted = max(harm, waiting) + urgency + rule_priority
    return Priority(
        total=min(HIGHEST, max(0.0, wanted, lowest)),
        harm=harm,
        waiting=waiting,
        urgency=urgency,
        rule=rule_priority,
        floor=lowest,
        breached=breached,
    )


def next_change(
    *, age_minutes: float, sla_minutes: float, weights: Weights = DEFAULT_WEIGHTS
) -> float | None:
    """Minutes for which a total computed now stays within one point of the truth.

    Never reaches past the end of the SLA, where the floor jumps; None once that has passed, for
    then time changes nothing more. Ages and SLAs are in minutes; raises as `priority` does.

    Both parts that grow are taken at their most: waiting·d + urgency·((u + d)² − u²) = 1 point,
    with u the share of the SLA used and d the share still to come.
    """
    used = _share_used(age_minutes, sla_minutes)
    if used >= 1:
        return None
    slope = weights.waiting + 2 * weights.urgency * used
    # The root of urgency·d² + slope·d = points, in the form that does not cancel.
    root = math.sqrt(slope**2 + 4 * weights.urgency * STALE_POINTS)
    share = 2 * STALE_POINTS / (slope + root) if root > 0 else 1.0
    return min(share, 1 - used) * sla_minutes


def _share_used(age_minutes: float, sla_minutes: float) -> float:
    if not sla_minutes > 0:
        raise ValueError("an SLA is longer than nothing")
    return min(1.0, max(0.0, age_minutes) / sla_minutes)


def _seen(views: int, weights: Weights) -> float:
    exposure = min(1.0, math.log1p(max(0, views)) / math.log1p(weights.views_for_all))
    return weights.unseen_share + (1 - weights.unseen_share) * exposure
