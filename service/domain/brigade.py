"""Whether the reports on a comment look organised: five signs, any two of which raise suspicion."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Fewer reports than this in the window are never a burst, and shares of so few say nothing.
FEWEST_REPORTS = 5
# So many reports would come by chance less than once in ten thousand windows.
BURST_CHANCE = 1e-4
FRESH_SHARE = 0.7
OVERLAP_SHARE = 0.6
NETWORK_SHARE = 0.5
# More bursts than this against one author in a day are a campaign.
AUTHOR_BURSTS = 3
SIGNS_NEEDED = 2

_PRECISION = 1e-17


@dataclass(frozen=True, slots=True)
class BurstFacts:
    """What is known about the reports on one comment within one time window.

    `reports` in the window; `usual` is how many the article gets in such a window (≥ 0).
    Shares (0–1) of the reporters: `fresh` have no record (are not `Reliability.known`),
    `overlapping` reported two or more other comments together with others of them in seven days,
    `same_network` have the most common network hash. `author_bursts` counts bursts against the
    same author in a day, this one included.
    """

    reports: int
    usual: float
    fresh: float
    overlapping: float = 0.0
    same_network: float = 0.0
    author_bursts: int = 0


@dataclass(frozen=True, slots=True)
class Brigade:
    """The verdict, with the names of the signs seen."""

    suspected: bool
    signs: tuple[str, ...] = ()


def suspect_brigade(facts: BurstFacts) -> Brigade:
    """Two of these signs among at least five reports make a suspected brigade:

    1. burst: so many reports have a chance below 1e-4 at the article's usual rate.
    2. fresh: 70 % or more of the reporters have no record.
    3. overlap: 60 % or more reported the same other comments.
    4. network: half or more share one network.
    5. author: more than three bursts against one author in a day.

    Suspicion stops automatic actions and shows in the queue. It never punishes anybody.
    """
    if facts.reports < FEWEST_REPORTS:
        return Brigade(suspected=False)
    seen = {
        "burst": poisson_tail(facts.reports, facts.usual) < BURST_CHANCE,
        "fresh": facts.fresh >= FRESH_SHARE,
        "overlap": facts.overlapping >= OVERLAP_SHARE,
        "network": facts.same_network >= NETWORK_SHARE,
        "author": facts.author_bursts > AUTHOR_BURSTS,
    }
    signs = tuple(name for name, is_seen in seen.items() if is_seen)
    return Brigade(suspected=len(signs) >= SIGNS_NEEDED, signs=signs)


def poisson_tail(count: int, rate: float) -> float:
    """P(N ≥ count) for N ~ Poisson(rate), rate ≥ 0; accurate also where it is tiny.

    Sums the side on which the terms fall off, so nothing cancels and no factorial overflows.
    Raises ValueError for a rate that is negative or not finite.
    """
    if not 0 <= rate < math.inf:
        raise ValueError("a rate is a finite number and not negative")
    if count <= 0:
        return 1.0
    if rate == 0:
        return 0.0
    if count > rate:
        return min(1.0, _chance(count, rate) * _rising(count, rate))
    return max(0.0, 1 - _chance(count - 1, rate) * _falling(count - 1, rate))


def _chance(count: int, rate: float) -> float:
    """P(N = count)."""
    return math.exp(count * math.log(rate) - rate - math.lgamma(count + 1))


def _rising(count: int, rate: float) -> float:
    """P(N ≥ count) / P(N = count), for count > rate."""
    total = term = 1.0
    while term > _PRECISION * total:
        count += 1
        term *= rate / count
        total += term
    return total


def _falling(count: int, rate: float) -> float:
    """P(N ≤ count) / P(N = count), for count < rate."""
    total = term = 1.0
    while count > 0 and term > _PRECISION * total:
        term *= count / rate
        count -= 1
        total += term
    return total
